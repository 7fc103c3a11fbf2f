// SPDX-License-Identifier: MIT
#include <parley/sip/message/grammar.hpp>
#include <parley/sip/message/message.hpp>
#include <parley/sip/message/message_index.hpp>
#include <parley/sip/message/parser.hpp>

#include <algorithm>
#include <cstring>
#include <new>

namespace parley::sip {

MessageView::MessageView(std::string_view bytes, const MessageIndex& index) noexcept : base_(bytes.data()), layout_(&index.layout()) {}

std::string_view MessageView::bytes() const noexcept {
  return {base_ + layout_->begin, static_cast<std::size_t>(layout_->end - layout_->begin)};
}
bool MessageView::is_request() const noexcept { return layout_->is_request; }

Method MessageView::method() const noexcept { return layout_->method; }
std::string_view MessageView::method_text() const noexcept { return layout_->method_text.in(base_); }
UriView MessageView::request_uri() const noexcept { return grammar::make_view(layout_->request_uri, base_); }
StatusCode MessageView::status() const noexcept { return layout_->status; }
std::string_view MessageView::reason() const noexcept { return layout_->reason.in(base_); }

std::size_t MessageView::via_count() const noexcept { return layout_->via_count; }
ViaView MessageView::via(std::size_t i) const noexcept {
  return i < layout_->via_count ? grammar::make_view(layout_->vias[i], base_) : ViaView{};
}

NameAddrView MessageView::from() const noexcept { return grammar::make_view(layout_->from, base_); }
NameAddrView MessageView::to() const noexcept { return grammar::make_view(layout_->to, base_); }
std::string_view MessageView::from_tag() const noexcept { return layout_->from.tag.in(base_); }
std::string_view MessageView::to_tag() const noexcept { return layout_->to.tag.in(base_); }
std::string_view MessageView::call_id() const noexcept { return layout_->call_id.in(base_); }
CSeqView MessageView::cseq() const noexcept { return {layout_->cseq_number, layout_->cseq_method, layout_->cseq_method_text.in(base_)}; }

std::optional<std::uint8_t> MessageView::max_forwards() const noexcept {
  return layout_->has_max_forwards ? std::optional(layout_->max_forwards) : std::nullopt;
}

bool MessageView::contact_is_star() const noexcept { return layout_->contact_is_star; }
std::size_t MessageView::contact_count() const noexcept { return layout_->contact_count; }
NameAddrView MessageView::contact(std::size_t i) const noexcept {
  return i < layout_->contact_count ? grammar::make_view(layout_->contacts[i], base_) : NameAddrView{};
}
std::size_t MessageView::route_count() const noexcept { return layout_->route_count; }
NameAddrView MessageView::route(std::size_t i) const noexcept {
  return i < layout_->route_count ? grammar::make_view(layout_->routes[i], base_) : NameAddrView{};
}
std::size_t MessageView::record_route_count() const noexcept { return layout_->record_route_count; }
NameAddrView MessageView::record_route(std::size_t i) const noexcept {
  return i < layout_->record_route_count ? grammar::make_view(layout_->record_routes[i], base_) : NameAddrView{};
}

std::optional<ContentTypeView> MessageView::content_type() const noexcept {
  if (layout_->content_type.text.empty()) return std::nullopt;
  return grammar::make_view(layout_->content_type, base_);
}
std::optional<std::uint32_t> MessageView::content_length() const noexcept {
  return layout_->has_content_length ? std::optional(layout_->content_length) : std::nullopt;
}
std::string_view MessageView::body() const noexcept {
  return {base_ + layout_->body, static_cast<std::size_t>(layout_->end - layout_->body)};
}

std::size_t MessageView::header_count() const noexcept { return layout_->header_count; }

HeaderView MessageView::header(std::size_t i) const noexcept {
  if (i >= layout_->header_count) return {};
  const entry::Header& header = layout_->headers[i];
  return {header.id, header.name.in(base_), header.value.in(base_)};
}

std::optional<std::string_view> MessageView::header(HeaderId id) const noexcept {
  for (std::size_t i = 0; i < layout_->header_count; ++i) {
    if (layout_->headers[i].id == id) return layout_->headers[i].value.in(base_);
  }
  return std::nullopt;
}

std::optional<std::string_view> MessageView::header(std::string_view name) const noexcept {
  const HeaderId id = header_id(name);
  if (id != HeaderId::Other) return header(id);
  for (std::size_t i = 0; i < layout_->header_count; ++i) {
    const entry::Header& header = layout_->headers[i];
    if (header.id == HeaderId::Other && grammar::equal_nocase(header.name.in(base_), name)) return header.value.in(base_);
  }
  return std::nullopt;
}

bool MessageView::lists(HeaderId id, std::string_view token) const noexcept {
  for (Elements elements(*this, id); const auto element = elements.next();) {
    if (grammar::equal_nocase(*element, token)) return true;
  }
  return false;
}

namespace {

/// Behind what is enclosed from the character at `i` on; the end of the text, or beyond, where it is not closed.
std::size_t skip_enclosed(std::string_view text, std::size_t i, char close) noexcept {
  for (++i; i < text.size(); ++i) {
    if (text[i] == close) return i + 1;
    if (text[i] == '\\' && close == '"') ++i;
  }
  return i;
}

std::size_t end_of_element(std::string_view text) noexcept {
  std::size_t i = 0;
  while (i < text.size() && text[i] != ',') {
    switch (text[i]) {
      case '"': i = skip_enclosed(text, i, '"'); break;
      case '<': i = skip_enclosed(text, i, '>'); break;
      default: ++i;
    }
  }
  return i < text.size() ? i : text.size();
}

}  // namespace

std::optional<std::string_view> next_element(std::string_view& rest, HeaderId id) noexcept {
  while (!rest.empty()) {
    const std::size_t end = id == HeaderId::InReplyTo ? std::min(rest.find(','), rest.size()) : end_of_element(rest);
    const std::string_view element = grammar::trim(rest.substr(0, end));
    rest.remove_prefix(end == rest.size() ? end : end + 1);
    if (!element.empty()) return element;
  }
  return std::nullopt;
}

Elements::Elements(const MessageView& message, HeaderId id) noexcept
    : base_(message.base_), field_(message.layout_->headers), end_(field_ + message.layout_->header_count), id_(id) {}

std::optional<std::string_view> Elements::next() noexcept {
  for (;;) {
    if (const auto element = next_element(rest_, id_)) return element;
    while (field_ != end_ && field_->id != id_) ++field_;
    if (field_ == end_) return std::nullopt;
    const std::string_view value = (field_++)->value.in(base_);
    if (!is_comma_list(id_)) return value;
    rest_ = value;
  }
}

namespace {

constexpr MessageLayout empty_layout{};

template <class Entry>
const Entry* store(std::byte*& at, const Entry* entries, std::size_t count) noexcept {
  std::byte* const here = at;
  if (count != 0) std::memcpy(here, entries, count * sizeof(Entry));
  at += count * sizeof(Entry);
  return std::launder(reinterpret_cast<const Entry*>(here));
}

}  // namespace

Message::Message(const MessageView& view) {
  const MessageLayout& from = *view.layout_;
  // One block: layout, tables in falling order of alignment, bytes (leading CRLFs included, so that offsets stay true).
  const std::size_t name_addrs = from.contact_count + std::size_t{from.route_count} + from.record_route_count;
  const std::size_t size = sizeof(MessageLayout) + from.header_count * sizeof(entry::Header) + from.via_count * sizeof(entry::Via) +
                           name_addrs * sizeof(entry::NameAddr) + from.end;
  block_ = std::make_unique_for_overwrite<std::byte[]>(size);
  auto* const layout = ::new (block_.get()) MessageLayout(from);
  std::byte* at = block_.get() + sizeof(MessageLayout);
  layout->headers = store(at, from.headers, from.header_count);
  layout->vias = store(at, from.vias, from.via_count);
  layout->contacts = store(at, from.contacts, from.contact_count);
  layout->routes = store(at, from.routes, from.route_count);
  layout->record_routes = store(at, from.record_routes, from.record_route_count);
  if (from.end != 0) std::memcpy(at, view.base_, from.end);
  bytes_begin_ = static_cast<std::uint32_t>(at - block_.get());
}

Result<Message> Message::parse(std::string_view bytes) {
  MessageIndex index;
  ParseResult result = sip::parse(bytes, index);
  if (result.verdict != Verdict::Ok) return std::move(result.error);
  return Message(MessageView(bytes, index));
}

MessageView Message::view() const noexcept {
  if (block_ == nullptr) return MessageView("", empty_layout);
  const auto* const layout = std::launder(reinterpret_cast<const MessageLayout*>(block_.get()));
  return MessageView(reinterpret_cast<const char*>(block_.get()) + bytes_begin_, *layout);
}

}  // namespace parley::sip
