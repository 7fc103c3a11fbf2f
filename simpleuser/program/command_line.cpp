// SPDX-License-Identifier: MIT
#include <parley/simpleuser/program/command_line.hpp>

#include <parley/simpleuser/program/demo.hpp>
#include <parley/simpleuser/program/parse.hpp>
#include <parley/simpleuser/program/phone.hpp>
#include <parley/simpleuser/program/switch_command.hpp>
#include <parley/simpleuser/program/uas.hpp>

#include <CLI/CLI.hpp>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace parley::program {

namespace {

constexpr int wrong_usage = 2;

/// What a subcommand has put together; runs after the whole line was read.
using Work = std::function<int()>;

int refuse(const std::string& sentence) {
  std::fprintf(stderr, "parley: %s\n", sentence.c_str());
  return wrong_usage;
}

/// Options of the contract that are not built yet: they are known, and refused with a sentence.
class NotYet {
 public:
  void option(CLI::App& app, const std::string& name, const std::string& what) {
    app.add_option_function<std::string>(
        name, [this, what](const std::string&) { refused_ = what; }, "not built yet");
  }
  void flag(CLI::App& app, const std::string& name, const std::string& what) {
    app.add_flag_callback(
        name, [this, what] { refused_ = what; }, "not built yet");
  }
  void refuse(std::string what) { refused_ = std::move(what); }
  /// The sentence to end with; empty: none of them was given.
  std::string sentence() const { return refused_.empty() ? "" : refused_ + " is not built yet"; }

 private:
  std::string refused_;
};

void add_demo(CLI::App& app, Work& work, NotYet& not_yet) {
  CLI::App* demo = app.add_subcommand("demo", "Three users at an embedded switch, with real sound, on the loopback");
  auto options = std::make_shared<DemoOptions>();
  demo->add_flag("--json", options->json, "a line of JSON a step");
  demo->add_flag("--trace", options->trace, "every SIP message to stderr");
  not_yet.option(*demo, "--record", "recording");
  demo->callback([&work, options] { work = [options] { return run_demo(*options); }; });
}

void add_parse(CLI::App& app, Work& work) {
  CLI::App* parse = app.add_subcommand("parse", "Reads raw SIP messages and prints what was understood");
  auto options = std::make_shared<ParseOptions>();
  parse->add_flag("--stream", options->stream, "many messages a file, framed by Content-Length");
  parse->add_flag("--json", options->json, "an object a message");
  parse->add_option("FILE", options->files, "a file a message; none: stdin");
  parse->callback([&work, options] { work = [options] { return run_parse(*options); }; });
}

void add_switch(CLI::App& app, Work& work) {
  CLI::App* hub = app.add_subcommand(
      "switch", "The embedded registrar and proxy, in memory. For demos and tests, not for production: use Kamailio there");
  auto options = std::make_shared<SwitchCommandOptions>();
  hub->add_option("--listen", options->listen, "URI to listen on: ws://127.0.0.1:0, wss://…")->required();
  hub->add_option("--user", options->users, "NAME:PASSWORD; without any, nobody is asked for one");
  hub->add_option("--domain", options->domain, "the domain it serves, and its realm")->capture_default_str();
  hub->add_option("--cert", options->certificate, "PEM file, for wss");
  hub->add_option("--key", options->key, "PEM file, for wss");
  hub->callback([&work, options] { work = [options] { return run_switch(*options); }; });
}

/// Text of the command line that needs a second look before it becomes a PhoneOptions.
struct PhoneArguments {
  PhoneOptions phone;
  std::string password;
  std::string password_file;
  std::string media = "auto";
  std::string dtmf = "info";
  std::string source = "device";
  std::string sink = "device";
  std::vector<std::string> codecs;
  long expires_s = 600;
  long ice_timeout_ms = 1'000;
  long auto_answer_ms = 0;
  CLI::Option* auto_answer = nullptr;
  bool no_register = false;
};

/// --password, --password-file, PARLEY_PASSWORD: the first that is there.
Result<std::string> password_of(const PhoneArguments& arguments) {
  if (!arguments.password.empty()) return arguments.password;
  if (!arguments.password_file.empty()) {
    std::ifstream file(arguments.password_file);
    std::string line;
    if (!file || !std::getline(file, line))
      return Error{.code = Errc::BadValue, .reason = "cannot read the password file", .detail = arguments.password_file};
    if (!line.empty() && line.back() == '\r') line.pop_back();
    return line;
  }
  const char* environment = std::getenv("PARLEY_PASSWORD");
  return std::string(environment != nullptr ? environment : "");
}

Result<void> set_media(PhoneArguments& arguments) {
  SimpleUserOptions& user = arguments.phone.user;
  if (arguments.media == "null") {
    user.media_factory = make_null_media();
  } else if (arguments.media == "webrtc") {
    auto factory = make_webrtc_media();
    if (!factory) return std::move(factory).error();
    user.media_factory = *std::move(factory);
  }
  auto source = media::AudioEndpoint::from_text(arguments.source);
  if (!source) return std::move(source).error();
  auto sink = media::AudioEndpoint::from_text(arguments.sink);
  if (!sink) return std::move(sink).error();
  user.media.audio_source = *std::move(source);
  user.media.audio_sink = *std::move(sink);
  if (arguments.codecs.empty()) return {};
  user.codecs.clear();
  for (const auto& name : arguments.codecs) {
    const auto codec = media::codec_from_text(name);
    if (!codec) return Error{.code = Errc::BadValue, .reason = "unknown codec; there are opus G722 PCMU PCMA", .detail = name};
    user.codecs.push_back(*codec);
  }
  return {};
}

Result<void> set_identity(PhoneArguments& arguments) {
  auto password = password_of(arguments);
  if (!password) return std::move(password).error();
  SimpleUserOptions& user = arguments.phone.user;
  user.authorization_password = *password;
  user.registration.expires = std::chrono::seconds(arguments.expires_s);
  return {};
}

int start_phone(PhoneArguments& arguments) {
  if (auto identity = set_identity(arguments); !identity) return refuse(identity.error().text());
  arguments.phone.user.ice_gathering_timeout = Duration(arguments.ice_timeout_ms);
  arguments.phone.register_at_start = !arguments.no_register;
  if (arguments.auto_answer->count() > 0) arguments.phone.auto_answer = Duration(arguments.auto_answer_ms);
  if (auto media = set_media(arguments); !media) return refuse(media.error().text());
  return run_phone(std::move(arguments.phone));
}

void add_phone_media(CLI::App& phone, PhoneArguments& a, NotYet& not_yet) {
  phone
      .add_option_function<std::string>(
          "--media",
          [&a, &not_yet](const std::string& text) {
            a.media = text;
            if (text == "rtp") not_yet.refuse("plain RTP");
          },
          "auto, webrtc, rtp (not yet) or null")
      ->check(CLI::IsMember({"auto", "webrtc", "rtp", "null"}));
  phone.add_option("--codec", a.codecs, "codecs in the order of preference: opus G722 PCMU PCMA");
  phone
      .add_option_function<std::string>(
          "--dtmf",
          [&not_yet](const std::string& text) {
            if (text == "rtp") not_yet.refuse("DTMF by RTP");
          },
          "info or rtp (not yet)")
      ->check(CLI::IsMember({"info", "rtp"}));
  phone.add_option("--ice-timeout", a.ice_timeout_ms, "longest wait for ICE candidates, ms")->check(CLI::Range(0, 60'000));
  phone.add_option("--audio-source", a.source, "device, tone[:HZ], silence, file:PATH, or a GStreamer bin description");
  phone.add_option("--audio-sink", a.sink, "device, silence, file:PATH, or a GStreamer bin description");
  phone.add_flag("--loopback-media", a.phone.user.media.loopback_only, "only loopback ICE candidates");
  not_yet.flag(phone, "--video", "video");
  not_yet.option(phone, "--record", "recording");
  not_yet.option(phone, "--stun", "STUN");
  not_yet.option(phone, "--turn", "TURN");
}

/// Who registers, and how.
void add_identity(CLI::App& app, PhoneArguments& a) {
  app.add_option("--user", a.phone.user.authorization_username, "name for digest; else the AOR's");
  app.add_option("--password", a.password, "better: --password-file or PARLEY_PASSWORD");
  app.add_option("--password-file", a.password_file, "its first line");
  app.add_option("--expires", a.expires_s, "of the registration, seconds")->check(CLI::Range(1L, 4'294'967L));
  app.add_option("--ca", a.phone.user.tls.ca_file, "PEM file of CAs; else the system's");
}

void add_phone(CLI::App& app, Work& work, NotYet& not_yet) {
  CLI::App* phone = app.add_subcommand("phone", "A phone: commands on stdin, events on stdout");
  auto arguments = std::make_shared<PhoneArguments>();
  PhoneArguments& a = *arguments;
  phone->add_option("SERVER", a.phone.server, "ws://host[:port][/path] or wss://… (udp, tcp, tls: not yet)")->required();
  phone->add_option("--aor", a.phone.user.aor, "who we are: sip:alice@example.com")->required();
  add_identity(*phone, a);
  phone->add_option("--display-name", a.phone.user.display_name, "shown to the other side");
  phone->add_option("--outbound-proxy", a.phone.user.outbound_proxy, "URI: first Route of all requests");
  phone->add_option("--client-cert", a.phone.user.tls.client_certificate, "PEM file");
  phone->add_option("--client-key", a.phone.user.tls.client_key, "PEM file");
  add_phone_media(*phone, a, not_yet);
  a.auto_answer = phone->add_option("--auto-answer", a.auto_answer_ms, "answer incoming calls, after MS")
                      ->expected(0, 1)
                      ->check(CLI::Range(0, 3'600'000));
  phone->add_flag("--no-register", a.no_register, "only connect");
  phone->add_flag("--json", a.phone.json, "a line of JSON an event");
  phone->add_flag("--trace", a.phone.trace, "every SIP message to stderr, secrets masked");
  phone->add_flag("--ladder", a.phone.ladder, "a drawing of each call at its end");
  not_yet.option(*phone, "--bind", "a local address to bind");
  not_yet.option(*phone, "--cert", "a certificate to listen with");
  not_yet.option(*phone, "--key", "a key to listen with");
  not_yet.option(*phone, "--pcap", "a capture file");
  phone->footer(
      "Commands, a line each on stdin:\n"
      "  register  unregister  call URI  answer  decline [STATUS]  hangup  hold  unhold  mute  unmute  dtmf TONES\n"
      "  message URI TEXT…  transfer URI (not yet)  stats  state  connect  disconnect  sleep MS\n"
      "  wait EVENT [MS]  the first event of that name that no wait has had yet; 30 s if nothing is said\n"
      "  quit             hang up, unregister, disconnect; also at the end of the input");
  phone->callback([&work, arguments] { work = [arguments] { return start_phone(*arguments); }; });
}

struct UasArguments {
  PhoneArguments identity;
  UasOptions uas;
  long ring_ms = 0;
};

int start_uas(UasArguments& arguments) {
  UasOptions& uas = arguments.uas;
  if (uas.listen.empty() && uas.server.empty()) return refuse("uas needs --listen URI or --connect SERVER --aor URI");
  if (!uas.server.empty() && arguments.identity.phone.user.aor.empty()) return refuse("--connect needs --aor");
  if (auto identity = set_identity(arguments.identity); !identity) return refuse(identity.error().text());
  if (auto media = set_media(arguments.identity); !media) return refuse(media.error().text());
  uas.user = std::move(arguments.identity.phone.user);
  if (uas.user.aor.empty()) uas.user.aor = "sip:uas@parley.invalid";
  uas.ring = Duration(arguments.ring_ms);
  return run_uas(std::move(uas));
}

void add_uas(CLI::App& app, Work& work, NotYet& not_yet) {
  CLI::App* uas = app.add_subcommand("uas", "Answers every call, any number at once: for load and conformance tests");
  auto arguments = std::make_shared<UasArguments>();
  UasArguments& a = *arguments;
  uas->footer(
      "A user part \"ring\" only rings, \"busy\" gives 486, \"decline\" 603, a number from 300 to 699 that status.\n"
      "SIGUSR1 prints counters; SIGINT and SIGTERM end it.");
  uas->add_option("--listen", a.uas.listen, "URI to listen on: ws://127.0.0.1:0, wss://… (udp, tcp, tls: not yet)");
  uas->add_option("--cert", a.uas.certificate, "PEM file, for wss");
  uas->add_option("--key", a.uas.key, "PEM file, for wss");
  uas->add_option("--connect", a.uas.server, "server to register at: ws://host[:port][/path] or wss://… (udp, tcp, tls: not yet)");
  uas->add_option("--aor", a.identity.phone.user.aor, "who we are there: sip:uas@example.com");
  add_identity(*uas, a.identity);
  uas->add_option("--ring", a.ring_ms, "ring so long before answering, ms")->check(CLI::Range(0L, 3'600'000L));
  a.identity.media = "null";
  a.identity.source = a.identity.sink = "silence";  // no device: there may be many calls, and nobody listens
  uas->add_option_function<std::string>(
         "--media",
         [&a, &not_yet](const std::string& text) {
           a.identity.media = text;
           if (text == "rtp") not_yet.refuse("plain RTP");
         },
         "null (default), webrtc or rtp (not yet)")
      ->check(CLI::IsMember({"null", "webrtc", "rtp"}));
  uas->callback([&work, arguments] { work = [arguments] { return start_uas(*arguments); }; });
}

}  // namespace

int run(int argc, char** argv) {
  CLI::App app("parley: a small SIP stack and its phone", "parley");
  app.set_version_flag("--version", PARLEY_VERSION);
  app.require_subcommand(1);
  Work work;
  NotYet not_yet;
  add_demo(app, work, not_yet);
  add_phone(app, work, not_yet);
  add_switch(app, work);
  add_uas(app, work, not_yet);
  add_parse(app, work);
  const std::string part = argc > 1 ? argv[1] : "-";
  if (part[0] != '-' && app.get_subcommands([&](const CLI::App* each) { return each->get_name() == part; }).empty()) {
    return refuse("no such part: " + part + "; parley --help lists them");
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {  // CLI11 tells --help and wrong usage this way
    return app.exit(error) == 0 ? 0 : wrong_usage;
  }
  if (const auto sentence = not_yet.sentence(); !sentence.empty()) return refuse(sentence);
  return work();
}

}  // namespace parley::program
