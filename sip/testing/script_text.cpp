// SPDX-License-Identifier: MIT
// The text form of a script: a step a line, indented lines say more about it.
#include <parley/sip/testing/script.hpp>

#include <algorithm>

namespace parley::sip::testing {
namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// Takes words off a line, one by one.
class Words {
 public:
  explicit Words(std::string_view line) : rest_(trimmed(line)) {}

  std::string_view peek() const { return rest_.substr(0, rest_.find_first_of(blanks)); }
  std::string_view next() {
    const auto word = peek();
    rest_ = trimmed(rest_.substr(word.size()));
    return word;
  }
  bool take(std::string_view word) {
    if (peek() != word) return false;
    next();
    return true;
  }
  bool empty() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

std::optional<Duration> read_time(std::string_view text) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  constexpr std::size_t most_digits = 9;
  if (digits == 0 || digits > most_digits) return std::nullopt;
  Duration::rep number = 0;
  for (const char c : text.substr(0, digits)) number = 10 * number + (c - '0');
  const auto unit = text.substr(digits);
  if (unit == "ms") return Duration{number};
  if (unit == "s") return Duration{number * 1'000};
  if (unit == "min") return Duration{number * 60'000};
  return std::nullopt;
}

bool is_status(std::string_view word) {
  return word.size() == 3 && word[0] >= '1' && word[0] <= '6' && word.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Reads one text. Each member gives nullptr, or what is wrong with the line.
class Reader {
 public:
  explicit Reader(const Script::Actor& actor) : actor_(actor) {}

  Result<Script> read(std::string_view text) {
    while (!text.empty()) {
      const auto end = std::min(text.find('\n'), text.size());
      ++line_;
      if (const char* const wrong = read_line(text.substr(0, end))) {
        return Error{.code = Errc::BadSyntax, .reason = wrong, .detail = "line " + std::to_string(line_)};
      }
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return std::move(script_);
  }

 private:
  const char* read_line(std::string_view line) {
    const auto content = trimmed(line);
    if (content.empty() || content.front() == '#') return nullptr;
    if (blanks.find(line.front()) != std::string_view::npos) return read_more(content);
    Words words(content);
    const auto verb = words.next();
    const char* const wrong = read_step(verb, words);
    if (wrong == nullptr && !words.empty()) return "too many words";
    if (wrong == nullptr) script_.line(line_);
    return wrong;
  }

  const char* read_step(std::string_view verb, Words& words) {
    if (verb == "expect") return read_expect(words);
    if (verb == "send") return read_send(words);
    if (verb == "user") return read_user(words);
    if (verb == "resend") {
      script_.resend(std::string(words.next()));
      return nullptr;
    }
    if (verb == "wait") {
      const auto time = read_time(words.next());
      if (!time) return "not a time";
      script_.wait(*time);
      return nullptr;
    }
    return "not a step";
  }

  const char* read_expect(Words& words) {
    if (words.take("nothing")) return read_none("*", words);
    if (words.take("no")) {
      const std::string pattern = read_pattern(words);
      return read_none(pattern, words);
    }
    if (words.take("copy")) {
      script_.expect_copy(read_pattern(words));
    } else {
      script_.expect(read_pattern(words));
    }
    while (!words.empty()) {
      if (const char* const why = read_expectation(words)) return why;
    }
    return nullptr;
  }

  /// "as NAME", "within 2s", "after 2s".
  const char* read_expectation(Words& words) {
    if (words.take("as")) {
      script_.as(std::string(words.next()));
      return nullptr;
    }
    const bool within = words.take("within");
    if (!within && !words.take("after")) return "expected: as, within or after";
    const auto time = read_time(words.next());
    if (!time) return "not a time";
    within ? script_.within(*time) : script_.not_before(*time);
    return nullptr;
  }

  const char* read_none(const std::string& pattern, Words& words) {
    if (!words.take("for")) return "expected: for TIME";
    const auto time = read_time(words.next());
    if (!time) return "not a time";
    script_.expect_none(pattern, *time);
    return nullptr;
  }

  /// "INVITE", "200", "200 BYE".
  static std::string read_pattern(Words& words) {
    std::string pattern(words.next());
    const auto more = words.peek();
    const bool is_method = !more.empty() && more.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string_view::npos;
    if (is_method) pattern.append(" ").append(words.next());
    return pattern;
  }

  const char* read_send(Words& words) {
    if (words.take("raw")) {
      script_.send_raw({});
      return read_send_words(words);
    }
    const bool outside = words.take("new");
    const auto what = words.next();
    if (what.empty()) return "send what?";
    script_.send(std::string(what));
    if (outside) script_.outside_dialog();
    return read_send_words(words);
  }

  const char* read_send_words(Words& words) {
    std::string reason;
    while (!words.empty()) {
      if (const char* const why = read_send_word(words, reason)) return why;
    }
    if (!reason.empty()) script_.reason(std::move(reason));
    return nullptr;
  }

  /// What it is sent as, or a further word of the reason phrase.
  const char* read_send_word(Words& words, std::string& reason) {
    if (words.take("to") || words.take("in")) {
      script_.to(std::string(words.next()));
    } else if (words.take("as")) {
      script_.as(std::string(words.next()));
    } else if (words.take("tag")) {
      script_.tag(std::string(words.next()));
    } else if (words.take("with")) {
      if (!words.take("sdp")) return "expected: with sdp";
      script_.with_sdp();
    } else if (is_status(last().what)) {
      reason.append(reason.empty() ? "" : " ").append(words.next());
    } else {
      return "expected: to, in, as, tag or with sdp";
    }
    return nullptr;
  }

  const char* read_user(Words& words) {
    if (!actor_) return "nobody is there to act";
    std::string text(words.rest());
    while (!words.empty()) words.next();
    script_.act([actor = actor_, text] { return actor(text); }, text);
    return nullptr;
  }

  const char* read_more(std::string_view content) {
    if (script_.steps().empty()) return "a step begins at the line's first column";
    if (content.front() == '|') {
      content.remove_prefix(1);
      if (content.starts_with(' ')) content.remove_prefix(1);
      script_.add_line(content);
      return nullptr;
    }
    if (content.front() == '-') {
      script_.without(std::string(trimmed(content.substr(1))));
      return nullptr;
    }
    const auto colon = content.find(':');
    if (colon == std::string_view::npos) return "neither a header field nor a line of a body";
    script_.header(std::string(trimmed(content.substr(0, colon))), std::string(trimmed(content.substr(colon + 1))));
    return nullptr;
  }

  const Step& last() const { return script_.steps().back(); }

  const Script::Actor& actor_;
  Script script_;
  unsigned line_ = 0;
};

}  // namespace

Result<Script> Script::parse(std::string_view text, const Actor& actor) { return Reader(actor).read(text); }

}  // namespace parley::sip::testing
