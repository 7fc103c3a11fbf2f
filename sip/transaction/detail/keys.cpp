// SPDX-License-Identifier: MIT
#include <parley/sip/transaction/detail/keys.hpp>

#include <bit>

namespace parley::sip::keys {

namespace {

constexpr char separator = '\n';  // stands in no part but a folded Via, which comes last

void write(std::string& key, char kind, std::initializer_list<std::string_view> parts) {
  key.assign(1, kind);
  for (const std::string_view part : parts) key.append(part).push_back(separator);
}

void append_lower(std::string& key, std::string_view text) {  // hosts compare in any case (RFC 3261 s.7.3.1)
  for (const char c : text) key.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
}

/// The four words that SipHash stirs.
struct SipState {
  std::uint64_t a, b, c, d;

  void stir() noexcept {
    a += b;
    b = std::rotl(b, 13) ^ a;
    a = std::rotl(a, 32);
    c += d;
    d = std::rotl(d, 16) ^ c;
    a += d;
    d = std::rotl(d, 21) ^ a;
    c += b;
    b = std::rotl(b, 17) ^ c;
    c = std::rotl(c, 32);
  }
  void absorb(std::uint64_t word) noexcept {
    d ^= word;
    stir();
    stir();
    a ^= word;
  }
};

std::uint64_t little_endian(std::string_view octets) noexcept {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < octets.size(); ++i) word |= std::uint64_t{static_cast<unsigned char>(octets[i])} << (8 * i);
  return word;
}

}  // namespace

void write_client_key(std::string& key, const MessageView& message) { write(key, 'c', {message.cseq().method_text, message.via().branch}); }

void write_server_key(std::string& key, const MessageView& request, std::string_view method, std::string_view to_tag) {
  const ViaView via = request.via();
  if (via.has_rfc3261_branch()) {
    write(key, 's', {method, via.branch});
    append_lower(key, via.sent_by());
    return;
  }
  const std::string_view uri = request.request_uri().text;  // copies repeat it octet by octet
  write(key, 'o', {method, request.call_id(), request.from_tag(), to_tag, uri, std::to_string(request.cseq().number)});
  key.append(via.text);
}

std::uint64_t hash(const std::array<std::uint64_t, 2>& secret, std::string_view text) noexcept {
  SipState state{secret[0] ^ 0x736f6d6570736575, secret[1] ^ 0x646f72616e646f6d, secret[0] ^ 0x6c7967656e657261,
                 secret[1] ^ 0x7465646279746573};
  const std::uint64_t length = text.size();
  for (; text.size() >= 8; text.remove_prefix(8)) state.absorb(little_endian(text.substr(0, 8)));
  state.absorb(little_endian(text) | (length << 56));
  state.c ^= 0xff;
  for (int i = 0; i < 4; ++i) state.stir();
  return state.a ^ state.b ^ state.c ^ state.d;
}

std::uint64_t hash(std::array<std::uint64_t, 2> secret, std::initializer_list<std::string_view> parts) noexcept {
  for (const std::string_view part : parts) secret[0] = hash(secret, part);  // each keys the next
  return secret[0];
}

}  // namespace parley::sip::keys
