// Texts for people, in their language. A message is found by its English text; {0}, {1} … are its
// parts. Each area keeps a table of its own; what no table knows stays English. Pure functions.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace renkei::schema {

struct Message {
  std::string_view english;  // the key: "{0} is required"
  std::string_view chinese;
  std::string_view japanese;
};
using MessageTable = std::span<const Message>;
using MessageArguments = std::initializer_list<std::string_view>;

// The table of this floor: validation, values, definitions, unique and not-null.
MessageTable CommonMessages();

// "zh-CN", "zh" → Chinese; "ja-JP", "ja" → Japanese; anything else English.
std::string Localize(MessageTable table, std::string_view locale, std::string_view english,
                     MessageArguments arguments = {});
std::string Localize(std::string_view locale, std::string_view english,
                     MessageArguments arguments = {});

// A finished English text ("Title is required") in another language, by finding the message it was
// made from. For the one place that turns errors into answers. nullopt: unknown, or the locale is
// English.
std::optional<std::string> Translate(MessageTable table, std::string_view locale,
                                     std::string_view finished);

}  // namespace renkei::schema
