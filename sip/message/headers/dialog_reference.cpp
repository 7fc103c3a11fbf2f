// SPDX-License-Identifier: MIT
#include <parley/sip/message/headers/dialog_reference.hpp>
#include <parley/sip/message/headers/item.hpp>
#include <parley/sip/message/headers/reader.hpp>
#include <parley/sip/message/headers/writer.hpp>

#include <utility>

namespace parley::sip {

namespace {

/// The same grammar under two names.
struct Words {
  HeaderId id;
  std::string_view to_tag;
  std::string_view from_tag;
};
constexpr Words replaces{HeaderId::Replaces, "to-tag", "from-tag"};
constexpr Words target_dialog{HeaderId::TargetDialog, "remote-tag", "local-tag"};

/// Whether the parameter stands there once, with a token; its value.
bool take_tag(const ParamsView& params, std::string_view name, std::string_view& tag) noexcept {
  tag = params.find_only(name).value_or(std::string_view{});
  return grammar::all_of(tag, grammar::token_char);
}

Reading<DialogReferenceView> parse(const Words& words, std::string_view text) noexcept {
  const auto item = parse_item(words.id, text);
  if (!item) return item.failure<DialogReferenceView>();
  DialogReferenceView dialog{item->value, {}, {}, item->params.has("early-only")};
  // A second tag would let two readers disagree about which dialog is meant.
  if (!take_tag(item->params, words.to_tag, dialog.to_tag) || !take_tag(item->params, words.from_tag, dialog.from_tag)) {
    return {"both tags expected, each once", static_cast<std::uint32_t>(item->value.size())};
  }
  return dialog;
}

Result<std::string> format(const Words& words, const DialogReferenceView& dialog) {
  grammar::Writer out;
  const auto item = parse_item(words.id, dialog.call_id);
  out.require(item && item->value.size() == dialog.call_id.size(), "not a Call-ID").text(dialog.call_id);
  out.text(";").text(words.to_tag).text("=").token(dialog.to_tag, "a tag is no token");
  out.text(";").text(words.from_tag).text("=").token(dialog.from_tag, "a tag is no token");
  if (dialog.early_only) out.text(";early-only");
  return std::move(out).finish();
}

}  // namespace

Reading<DialogReferenceView> parse_replaces(std::string_view text) noexcept { return parse(replaces, text); }
Reading<DialogReferenceView> parse_target_dialog(std::string_view text) noexcept { return parse(target_dialog, text); }
Result<std::string> format_replaces(const DialogReferenceView& dialog) { return format(replaces, dialog); }
Result<std::string> format_target_dialog(const DialogReferenceView& dialog) { return format(target_dialog, dialog); }

}  // namespace parley::sip
