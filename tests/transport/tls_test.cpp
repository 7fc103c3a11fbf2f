// SPDX-License-Identifier: MIT
#include "certificates.hpp"
#include "name_server.hpp"
#include "raw_peer.hpp"
#include "support.hpp"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <filesystem>

namespace parley::transport::test {
namespace {

/// All names under .test are this host.
NameAnswer loopback(const std::string& name) {
  return name.ends_with(".test") ? NameAnswer{.addresses = {"127.0.0.1"}} : NameAnswer{.code = 3};
}

/// A wss server with one certificate, a client that trusts one authority.
class Wss {
 public:
  /// What happens: "" when it opens, else the words of the failure.
  std::string outcome(const Authority::Pair& pair, const std::string& host, sip::ConnectOptions options = {}) {
    Acceptor acceptor;
    auto listener = fixture_.listen(acceptor, {.scheme = "wss", .certificate = pair.certificate, .key = pair.key});
    sip::Server server = server_at(listener->uri());
    server.host = host;
    if (options.ca_file.empty()) options.ca_file = authority_.file();
    Inbox inbox;
    auto connection = fixture_.connect(server, options, inbox);
    const bool opened = inbox.wait_open();
    fixture_.run([&] {
      connection.reset();
      acceptor.peers.clear();
      listener.reset();
    });
    return opened ? "" : inbox.words();
  }
  std::string outcome(const CertificateWishes& wishes, const std::string& host) { return outcome(authority_.issue(wishes), host); }
  Authority& authority() { return authority_; }

 private:
  NameServer names_{&loopback};
  Authority authority_;
  Fixture fixture_{LoopOptions{.dns_servers = names_.place()}};
};

const std::string wrong_name = "certificate not accepted: hostname mismatch";
const std::string wrong_address = "certificate not accepted: IP address mismatch";

TEST(WssCertificate, K12NameMustStandInTheAlternativeNames) {  // RFC 6125 s.6.4
  Wss wss;
  EXPECT_EQ(wss.outcome({.dns_names = {"sip.example.test"}}, "sip.example.test"), "");
  EXPECT_EQ(wss.outcome({.dns_names = {"sip.example.test"}}, "SIP.Example.test"), "");
  EXPECT_EQ(wss.outcome({.dns_names = {"other.test", "sip.example.test"}}, "sip.example.test"), "");
  EXPECT_EQ(wss.outcome({.dns_names = {"other.test"}}, "sip.example.test"), wrong_name);
  EXPECT_EQ(wss.outcome({.dns_names = {"example.test"}}, "sip.example.test"), wrong_name);
}

TEST(WssCertificate, K12OnlyAWholeLeftmostLabelMayBeAWildcard) {  // RFC 6125 s.6.4.3
  Wss wss;
  EXPECT_EQ(wss.outcome({.dns_names = {"*.example.test"}}, "sip.example.test"), "");
  EXPECT_EQ(wss.outcome({.dns_names = {"*.example.test"}}, "a.sip.example.test"), wrong_name);
  EXPECT_EQ(wss.outcome({.dns_names = {"*.example.test"}}, "example.test"), wrong_name);
  EXPECT_EQ(wss.outcome({.dns_names = {"s*.example.test"}}, "sip.example.test"), wrong_name);
  EXPECT_EQ(wss.outcome({.dns_names = {"sip.*.test"}}, "sip.example.test"), wrong_name);
}

TEST(WssCertificate, K12Sec82CommonNameDoesNotCount) {  // RFC 6125 s.6.4.4, as browsers read it
  Wss wss;
  EXPECT_EQ(wss.outcome({.common_name = "sip.example.test"}, "sip.example.test"), wrong_name);
  EXPECT_EQ(wss.outcome({.common_name = "sip.example.test", .dns_names = {"other.test"}}, "sip.example.test"), wrong_name);
  EXPECT_EQ(wss.outcome({.common_name = "127.0.0.1"}, "127.0.0.1"), wrong_address);
}

TEST(WssCertificate, K12AnAddressNeedsAnAddressEntry) {  // RFC 6125 s.1.7.2, RFC 2818 s.3.1
  Wss wss;
  EXPECT_EQ(wss.outcome({.addresses = {"127.0.0.1"}}, "127.0.0.1"), "");
  EXPECT_EQ(wss.outcome({.addresses = {"127.0.0.2"}}, "127.0.0.1"), wrong_address);
  EXPECT_EQ(wss.outcome({.dns_names = {"127.0.0.1"}}, "127.0.0.1"), wrong_address);
  EXPECT_EQ(wss.outcome({.dns_names = {"sip.example.test"}, .addresses = {"127.0.0.1"}}, "other.test"), wrong_name);
}

TEST(WssCertificate, Sec82HostileNamesDoNotMatch) {
  Wss wss;
  const std::string with_nul = std::string("sip.example.test") + '\0' + ".attacker.test";
  EXPECT_EQ(wss.outcome({.dns_names = {with_nul}}, "sip.example.test"), wrong_name);
  EXPECT_EQ(wss.outcome({.dns_names = {std::string(300, 'a') + ".test"}}, "sip.example.test"), wrong_name);
  EXPECT_EQ(wss.outcome({.dns_names = {std::string(70'000, 'a') + ".test", "sip.example.test"}}, "sip.example.test"), "");
}

TEST(WssCertificate, Sec82ExpiredSelfSignedAndUnknownAreRefusedWithTheReason) {
  Wss wss;
  const CertificateWishes good{.dns_names = {"sip.example.test"}};
  CertificateWishes expired = good;
  expired.valid_from_days = -20;
  expired.valid_to_days = -10;
  CertificateWishes too_early = good;
  too_early.valid_from_days = 5;
  too_early.valid_to_days = 10;
  Authority unknown;
  EXPECT_EQ(wss.outcome(expired, "sip.example.test"), "certificate not accepted: certificate has expired");
  EXPECT_EQ(wss.outcome(too_early, "sip.example.test"), "certificate not accepted: certificate is not yet valid");
  EXPECT_EQ(wss.outcome(wss.authority().issue_self_signed(good), "sip.example.test"), "certificate not accepted: self-signed certificate");
  EXPECT_EQ(wss.outcome(unknown.issue(good), "sip.example.test"), "certificate not accepted: unable to get local issuer certificate");
}

TEST(WssCertificate, DangerousOptionAcceptsAnything) {
  Wss wss;
  const auto pair = wss.authority().issue_self_signed({.common_name = "nobody", .valid_from_days = -20, .valid_to_days = -10});
  EXPECT_EQ(wss.outcome(pair, "sip.example.test", {.danger_accept_any_certificate = true}), "");
  EXPECT_NE(wss.outcome(pair, "sip.example.test"), "");
}

TEST(WssCertificate, Ipv6LiteralIsVerifiedToo) {
  Authority authority;
  Fixture fixture;
  for (const auto& [address, words] : {std::pair<std::string, std::string>{"::1", ""}, {"::2", wrong_address}}) {
    const auto pair = authority.issue({.addresses = {address}});
    Acceptor acceptor;
    auto listener = fixture.listen(acceptor, {.scheme = "wss", .host = "::1", .certificate = pair.certificate, .key = pair.key});
    Inbox inbox;
    auto connection = fixture.connect(server_at(listener->uri()), {.ca_file = authority.file()}, inbox);
    EXPECT_EQ(inbox.wait_open(), words.empty()) << inbox.words();
    EXPECT_EQ(inbox.words(), words);
    fixture.run([&] {
      connection.reset();
      acceptor.peers.clear();
      listener.reset();
    });
  }
}

TEST(WssCertificate, RelativeFolderOfTheLibraryIsNotTrusted) {
  Authority authority;
  namespace fs = std::filesystem;
  const fs::path before = fs::current_path();
  fs::create_directories(authority.folder() + "/work");
  fs::create_directories(authority.folder() + "/share");
  fs::copy(authority.file(), authority.folder() + "/share/" + authority.hashed_name());
  fs::current_path(authority.folder() + "/work");
  {
    NameServer names(&loopback);
    Fixture fixture(LoopOptions{.dns_servers = names.place()});
    const auto pair = authority.issue({.addresses = {"127.0.0.1"}});
    const auto context = server_context(pair);
    RawServer server([&](Stream& stream) { static_cast<void>(stream.accept_tls(context.get())); });
    Inbox inbox;
    closing_words(fixture, {.scheme = "wss", .host = "127.0.0.1", .port = server.port()}, {}, inbox);  // the system's CAs
    EXPECT_EQ(inbox.words(), "certificate not accepted: unable to get local issuer certificate");
  }
  fs::current_path(before);
}

TEST(WssTls, VersionsBelow12AreRefusedByBothEnds) {
  Authority authority;
  const auto pair = authority.issue({.addresses = {"127.0.0.1"}});
  Fixture fixture;

  const auto old_server = server_context(pair);
  SSL_CTX_set_cipher_list(old_server.get(), "ALL:@SECLEVEL=0");
  SSL_CTX_set_min_proto_version(old_server.get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(old_server.get(), TLS1_1_VERSION);
  RawServer server([&](Stream& stream) { EXPECT_FALSE(stream.accept_tls(old_server.get())); });
  Inbox inbox;
  closing_words(fixture, {.scheme = "wss", .host = "127.0.0.1", .port = server.port()}, {.ca_file = authority.file()}, inbox);
  EXPECT_EQ(inbox.words(), "TLS failed: protocol version");

  Acceptor acceptor;
  auto listener = fixture.listen(acceptor, {.scheme = "wss", .certificate = pair.certificate, .key = pair.key});
  for (const auto& [version, good] : {std::pair{TLS1_1_VERSION, false}, {TLS1_2_VERSION, true}}) {
    const auto client = client_context();
    SSL_CTX_set_cipher_list(client.get(), "ALL:@SECLEVEL=0");
    SSL_CTX_set_min_proto_version(client.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(client.get(), version);
    Stream stream = Stream::to("127.0.0.1", server_at(listener->uri()).port);
    EXPECT_EQ(stream.connect_tls(client.get()), good);
  }
  fixture.drop(listener);
}

TEST(WssTls, ServerNameHoldsANameAndNeverAnAddress) {  // RFC 6066 s.3
  Authority authority;
  const auto pair = authority.issue({.dns_names = {"sip.example.test"}, .addresses = {"127.0.0.1", "::1"}});
  const auto context = server_context(pair);
  NameServer names(&loopback);
  Fixture fixture(LoopOptions{.dns_servers = names.place()});
  std::vector<std::string> server_names;
  const auto script = [&](Stream& stream) {
    if (!stream.accept_tls(context.get())) return;
    const char* const name = SSL_get_servername(stream.ssl(), TLSEXT_NAMETYPE_host_name);
    server_names.emplace_back(name == nullptr ? "none" : name);
    accept_upgrade(stream);
  };
  for (const auto& [host, address] :
       {std::pair<std::string, std::string>{"sip.example.test", "127.0.0.1"}, {"127.0.0.1", "127.0.0.1"}, {"::1", "::1"}}) {
    RawServer server(script, address);
    Inbox inbox;
    closing_words(fixture, {.scheme = "wss", .host = host, .port = server.port()}, {.ca_file = authority.file()}, inbox);
    EXPECT_TRUE(inbox.open) << host << ' ' << inbox.words();
  }
  EXPECT_EQ(server_names, (std::vector<std::string>{"sip.example.test", "none", "none"}));
}

TEST(WssTls, ClientCertificateIsShownAndItsRefusalTold) {
  Authority authority;
  Authority stranger;
  const auto own = authority.issue({.common_name = "phone"});
  const auto strange = stranger.issue({.common_name = "phone"});
  const auto context = server_context(authority.issue({.addresses = {"127.0.0.1"}}), authority.file());
  Fixture fixture;
  RawServer server([&](Stream& stream) {
    if (stream.accept_tls(context.get())) accept_upgrade(stream);
    stream.read_to_end();
  });
  const sip::Server place{.scheme = "wss", .host = "127.0.0.1", .port = server.port()};
  {
    Inbox inbox;
    auto connection =
        fixture.connect(place, {.ca_file = authority.file(), .client_certificate = own.certificate, .client_key = own.key}, inbox);
    EXPECT_TRUE(inbox.wait_open()) << inbox.words();
    fixture.drop(connection);
  }
  Inbox without;
  closing_words(fixture, place, {.ca_file = authority.file()}, without);
  EXPECT_EQ(without.why.value_or(Error{}).code, Errc::TlsFailed) << without.words();
  Inbox wrong;
  closing_words(fixture, place, {.ca_file = authority.file(), .client_certificate = strange.certificate, .client_key = strange.key}, wrong);
  EXPECT_EQ(wrong.why.value_or(Error{}).code, Errc::TlsFailed) << wrong.words();
}

TEST(WssTls, UnusableFilesAreNamed) {
  Authority authority;
  const auto one = authority.issue({.addresses = {"127.0.0.1"}});
  const auto two = authority.issue({.addresses = {"127.0.0.1"}});
  Fixture fixture;
  const sip::Server server{.scheme = "wss", .host = "127.0.0.1", .port = unused_port()};
  const auto words = [&](const sip::ConnectOptions& options) {
    Inbox inbox;
    return closing_words(fixture, server, options, inbox).words();
  };
  EXPECT_EQ(words({.ca_file = "/nowhere/ca.pem"}), "cannot read the CA file: /nowhere/ca.pem");
  EXPECT_EQ(words({.client_certificate = "/nowhere/c.pem"}), "cannot read the certificate file: /nowhere/c.pem");
  EXPECT_EQ(words({.client_certificate = one.certificate, .client_key = "/nowhere/key"}), "cannot read the key file: /nowhere/key");
  EXPECT_NE(words({.client_certificate = one.certificate, .client_key = two.key}), "");

  Acceptor acceptor;
  const auto listen_error = [&](const std::string& certificate, const std::string& key) {
    return fixture.run([&] {
      auto listener = fixture.network().listen({.scheme = "wss", .certificate = certificate, .key = key}, acceptor);
      return listener ? Error{.code = Errc::BadValue, .detail = "it listens"} : listener.error();
    });
  };
  EXPECT_EQ(listen_error("", "").code, Errc::TlsFailed);
  EXPECT_EQ(listen_error("/nowhere/c.pem", one.key).text(), "cannot read the certificate file: /nowhere/c.pem");
  EXPECT_EQ(listen_error(one.certificate, two.key).code, Errc::TlsFailed);
}

TEST(WssTls, OneContextServesAllConnectionsWithEqualFiles) {
  Authority authority;
  const auto pair = authority.issue({.addresses = {"127.0.0.1"}});
  const std::string ca = authority.folder() + "/copy.pem";
  std::filesystem::copy(authority.file(), ca);
  Fixture fixture;
  Acceptor acceptor;
  auto listener = fixture.listen(acceptor, {.scheme = "wss", .certificate = pair.certificate, .key = pair.key});
  for (int round = 0; round < 3; ++round) {
    Inbox inbox;
    auto connection = fixture.connect(server_at(listener->uri()), {.ca_file = ca}, inbox);
    EXPECT_TRUE(inbox.wait_open()) << inbox.words();
    EXPECT_EQ(inbox.info.via_transport, "WSS");
    EXPECT_EQ(inbox.info.secure, sip::Secure::Yes);
    fixture.drop(connection);
    std::filesystem::remove(ca);  // a second reading would fail
  }
  Authority stranger;  // and trust in one authority does not leak into the context of another
  Inbox inbox;
  closing_words(fixture, server_at(listener->uri()), {.ca_file = stranger.file()}, inbox);
  EXPECT_EQ(inbox.words(), "certificate not accepted: unable to get local issuer certificate");
  fixture.run([&] {
    acceptor.peers.clear();
    listener.reset();
  });
}

TEST(WssTls, LoopsInParallelDoNotDisturbEachOthersHandshakes) {
  Authority authority;
  const auto pair = authority.issue({.addresses = {"127.0.0.1"}});
  std::atomic<int> opened{0};
  const auto rounds = [&] {
    for (int round = 0; round < 10; ++round) {
      Fixture fixture;
      Acceptor acceptor;
      auto listener = fixture.listen(acceptor, {.scheme = "wss", .certificate = pair.certificate, .key = pair.key});
      Inbox inbox;
      auto connection = fixture.connect(server_at(listener->uri()), {.ca_file = authority.file()}, inbox);
      if (inbox.wait_open()) ++opened;
      fixture.run([&] {
        connection.reset();
        acceptor.peers.clear();
        listener.reset();
      });
    }
  };
  std::thread first(rounds), second(rounds), third(rounds);
  first.join();
  second.join();
  third.join();
  EXPECT_EQ(opened, 30);
}

}  // namespace
}  // namespace parley::transport::test
