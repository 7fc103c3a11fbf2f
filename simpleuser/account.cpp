// SPDX-License-Identifier: MIT
#include <parley/simpleuser/account.hpp>

#include <parley/simpleuser/detail/account_core.hpp>
#include <parley/simpleuser/detail/account_shared.hpp>
#include <parley/simpleuser/detail/call_shared.hpp>
#include <parley/simpleuser/detail/settings.hpp>

#include <algorithm>
#include <utility>

namespace parley {

using detail::AccountCore;
using detail::AccountShared;

namespace {

/// Brings a verb to the core; `verb(core, source)` completes the source.
template <class Verb>
Async<void> post_verb(const std::shared_ptr<AccountShared>& shared, Verb verb) {
  AsyncSource<void> source(shared->context());
  Async<void> async = source.async();
  AccountShared::post(shared,
                      [verb = std::move(verb), source = std::move(source)](AccountCore& core) mutable { verb(core, std::move(source)); });
  return async;
}

Result<std::shared_ptr<AccountShared>> make_shared_part(detail::Settings settings, const Ports& ports, AccountDelegate delegate) {
  if (settings.has_server) {
    if (auto fine = ports.transport.check(settings.server, settings.connect); !fine) return std::move(fine).error();
  }
  auto shared = std::make_shared<AccountShared>(std::move(settings), ports);
  shared->set_self(shared);
  shared->set_delegate(std::move(delegate));
  return shared;
}

}  // namespace

std::string_view Response::header(std::string_view name) const noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  for (const auto& [each, value] : headers) {
    if (std::ranges::equal(each, name, {}, lower, lower)) return value;
  }
  return {};
}

Account::Account(std::shared_ptr<Runtime> runtime, std::shared_ptr<media::Factory> media, std::shared_ptr<AccountShared> shared)
    : runtime_(std::move(runtime)), media_(std::move(media)), shared_(std::move(shared)) {}

Account::~Account() { AccountShared::close(shared_); }

Result<std::unique_ptr<Account>> Account::create(std::string_view server, AccountDelegate delegate, SimpleUserOptions options,
                                                 MaxCalls max_calls) {
  auto settings = detail::make_settings(server, options, static_cast<std::size_t>(max_calls));
  if (!settings) return std::move(settings).error();
  std::shared_ptr<Runtime> runtime = std::move(options.loop);
  if (!runtime) {
    auto common = common_runtime();
    if (!common) return std::move(common).error();
    runtime = std::move(*common);
  }
  std::shared_ptr<media::Factory> media = std::move(options.media_factory);
  const Ports ports{.executor = runtime->executor(),
                    .transport = runtime->transport(),
                    .crypto = runtime->crypto(),
                    .media = media ? *media : runtime->media(),
                    .callbacks = runtime->callbacks()};
  auto shared = make_shared_part(std::move(*settings), ports, std::move(delegate));
  if (!shared) return std::move(shared).error();
  return std::unique_ptr<Account>(new Account(std::move(runtime), std::move(media), std::move(*shared)));
}

Result<std::unique_ptr<Account>> Account::create(std::string_view server, AccountDelegate delegate, const SimpleUserOptions& options,
                                                 MaxCalls max_calls, const Ports& ports) {
  auto settings = detail::make_settings(server, options, static_cast<std::size_t>(max_calls));
  if (!settings) return std::move(settings).error();
  auto shared = make_shared_part(std::move(*settings), ports, std::move(delegate));
  if (!shared) return std::move(shared).error();
  return std::unique_ptr<Account>(new Account(nullptr, nullptr, std::move(*shared)));
}

const std::string& Account::id() const noexcept { return shared_->id(); }

const std::string& Account::aor() const noexcept { return shared_->aor(); }

void Account::set_delegate(AccountDelegate delegate) { shared_->set_delegate(std::move(delegate)); }

Async<void> Account::connect() {
  return post_verb(shared_, [](AccountCore& core, AsyncSource<void> done) { core.connect(std::move(done)); });
}

Async<void> Account::disconnect() {
  return post_verb(shared_, [](AccountCore& core, AsyncSource<void> done) { core.disconnect(std::move(done)); });
}

Async<void> Account::register_(RegisterOptions options) {
  return post_verb(shared_,
                   [options = std::move(options)](AccountCore& core, AsyncSource<void> done) { core.register_(options, std::move(done)); });
}

Async<void> Account::unregister(UnregisterOptions options) {
  return post_verb(shared_, [options](AccountCore& core, AsyncSource<void> done) { core.unregister(options, std::move(done)); });
}

Async<void> Account::message(std::string_view destination, std::string_view text) {
  return post_verb(shared_, [destination = std::string(destination), text = std::string(text)](AccountCore& core, AsyncSource<void> done) {
    core.message(destination, text, std::move(done));
  });
}

Async<std::string> Account::listen(sip::ListenOptions options) {
  AsyncSource<std::string> source(shared_->context());
  Async<std::string> async = source.async();
  AccountShared::post(shared_, [options = std::move(options), source = std::move(source)](AccountCore& core) mutable {
    core.listen(options, std::move(source));
  });
  return async;
}

Async<Response> Account::options(std::string_view destination) { return request("OPTIONS", destination); }

Async<Response> Account::request(std::string_view method, std::string_view destination, RequestOptions options) {
  AsyncSource<Response> source(shared_->context());
  Async<Response> async = source.async();
  AccountShared::post(
      shared_, [method = std::string(method), destination = std::string(destination), options = std::move(options),
                source = std::move(source)](AccountCore& core) mutable { core.request(method, destination, options, std::move(source)); });
  return async;
}

void Account::with_stack(std::function<void(sip::Stack& stack, std::optional<sip::FlowId> flow)> f) {
  AccountShared::post(shared_, [f = std::move(f)](AccountCore& core) { core.with_stack(f); });
}

Call Account::call(std::string_view destination, CallOptions options, CallDelegate delegate) {
  auto call = std::make_shared<detail::CallShared>(detail::next_call_number(), shared_);
  call->delegate = std::make_shared<const CallDelegate>(std::move(delegate));
  AccountShared::post(shared_, [call, destination = std::string(destination), options = std::move(options)](AccountCore& core) {
    core.call(call, destination, options);
  });
  return Call(std::move(call));
}

AccountState Account::state() const { return shared_->state(); }

}  // namespace parley
