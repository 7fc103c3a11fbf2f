// SPDX-License-Identifier: MIT
#include <parley/simpleuser/program/events.hpp>

#include <chrono>
#include <utility>

namespace parley::program {

namespace {

Event event(std::string_view name, std::string detail = {}) {
  return {.name = std::string(name), .detail = std::move(detail), .fields = {}};
}

Event unregistered(const UnregisteredReason& reason) {
  Event told = event("unregistered", reason.error ? reason.error->text() : std::string());
  told.fields.add("status", reason.error ? reason.error->status : 0).add("reason", told.detail);
  return told;
}

Event hung_up(const Cause& cause) {
  Event told = event("call_hangup", cause.status != 0 ? std::to_string(cause.status) : std::string(to_string(cause.kind)));
  told.fields.add("cause", to_string(cause.kind)).add("status", cause.status).add("reason", cause.reason);
  return told;
}

Event message_sent(const Result<sip::StatusCode>& outcome) {
  const int status = outcome ? *outcome : outcome.error().status;
  Event told = event("message_sent", std::to_string(status));
  told.fields.add("status", status);
  if (!outcome) told.fields.add("error", outcome.error().text());
  return told;
}

Event media_state(const MediaState& state) {
  Event told = event("media_state", std::string(media::to_string(state.state)));
  told.fields.add("state", told.detail).add("receiving", state.receiving);
  if (state.error) told.fields.add("error", state.error->text());
  return told;
}

Event with_flag(std::string_view name, std::string_view member, bool value) {
  Event told = event(name, value ? "true" : "false");
  told.fields.add(member, value);
  return told;
}

}  // namespace

Event server_disconnect(const std::optional<Error>& error) {
  Event lost = event("server_disconnect", error ? error->text() : std::string());
  lost.fields.add("error", lost.detail);
  return lost;
}

SimpleUserDelegate delegate_for(const EventSink& sink) {
  SimpleUserDelegate d;
  d.on_server_connect = [sink] { sink(event("server_connect")); };
  d.on_server_disconnect = [sink](const std::optional<Error>& error) { sink(server_disconnect(error)); };
  d.on_registered = [sink](const Registration& registration) {
    Event told = event("registered");
    told.fields.add("expires", std::chrono::duration_cast<std::chrono::seconds>(registration.expires).count());
    sink(told);
  };
  d.on_unregistered = [sink](const UnregisteredReason& reason) { sink(unregistered(reason)); };
  d.on_call_created = [sink] { sink(event("call_created")); };
  d.on_call_received = [sink](const Caller& caller) {
    Event told = event("call_received", caller.uri);
    told.fields.add("from", caller.uri).add("display_name", caller.display_name);
    sink(told);
  };
  d.on_call_progress = [sink](sip::StatusCode status, bool early_media) {
    Event told = event("call_progress", std::to_string(status));
    told.fields.add("status", status).add("early_media", early_media);
    sink(told);
  };
  d.on_call_answered = [sink] { sink(event("call_answered")); };
  d.on_call_hangup = [sink](const Cause& cause) { sink(hung_up(cause)); };
  d.on_call_hold = [sink](bool held) { sink(with_flag("call_hold", "held", held)); };
  d.on_remote_hold = [sink](bool held) { sink(with_flag("remote_hold", "held", held)); };
  d.on_transfer_requested = [sink](std::string_view target) {
    Event told = event("transfer_requested", std::string(target));
    told.fields.add("target", target);
    sink(told);
  };
  d.on_call_dtmf_received = [sink](char tone, Duration duration) {
    Event told = event("call_dtmf_received", std::string(1, tone));
    told.fields.add("tone", told.detail).add("duration", duration.count());
    sink(told);
  };
  d.on_message_received = [sink](std::string_view text, const MessageInfo& info) {
    Event told = event("message_received", std::string(text));
    told.fields.add("from", info.from).add("text", text).add("content_type", info.content_type);
    sink(told);
  };
  d.on_message_sent = [sink](const Result<sip::StatusCode>& outcome) { sink(message_sent(outcome)); };
  d.on_media_state = [sink](const MediaState& state) { sink(media_state(state)); };
  d.on_reconnecting = [sink](unsigned attempt) {
    Event told = event("reconnecting", std::to_string(attempt));
    told.fields.add("attempt", attempt);
    sink(told);
  };
  return d;
}

}  // namespace parley::program
