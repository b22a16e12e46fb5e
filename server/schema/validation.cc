#include "schema/validation.h"

#include <fmt/format.h>
#include <unicode/regex.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/text.h"
#include "schema/field/common.h"
#include "schema/field/date_text.h"
#include "schema/messages.h"

namespace renkei::schema {
namespace {

constexpr double kMaxSafe = 9007199254740991.0;
constexpr std::int32_t kRegexTime = 200;           // ICU's steps of about a millisecond
constexpr std::int32_t kRegexStack = 1024 * 1024;  // bytes

// One value under test: what the rules ask about it, and how they complain.
struct Subject {
  const json::value& input;
  std::string_view label, locale;
  std::string_view text;  // type string
  double number = 0;      // type number
  std::string number_text;
  std::optional<std::int64_t> instant;  // type date

  std::string Say(std::string_view english, std::string_view one = {},
                  std::string_view two = {}) const {
    return Localize(locale, english, {label, one, two});
  }
};
using Verdict = std::optional<std::string>;  // the complaint

// args.<name> as text: 3, "3", 1.5.
std::string ArgText(const json::object& args, std::string_view name) {
  const json::value* value = Find(args, name);
  if (value == nullptr || value->is_null()) return {};
  return value->is_string() ? std::string(View(value->get_string())) : ToJson(*value);
}
std::optional<double> ArgNumber(const json::object& args, std::string_view name) {
  const json::value* value = Find(args, name);
  return value == nullptr ? std::nullopt : ReadNumber(*value);
}

bool MatchesPattern(std::string_view text, std::string_view pattern) {
  // "/^x$/i" as JavaScript prints expressions, or the bare pattern.
  std::uint32_t flags = 0;
  if (pattern.size() > 1 && pattern.front() == '/') {
    const std::size_t end = pattern.rfind('/');
    if (end > 0) {
      for (const char flag : pattern.substr(end + 1)) {
        if (flag == 'i') flags |= UREGEX_CASE_INSENSITIVE;
        if (flag == 'm') flags |= UREGEX_MULTILINE;
        if (flag == 's') flags |= UREGEX_DOTALL;
      }
      pattern = pattern.substr(1, end - 1);
    }
  }
  UErrorCode status = U_ZERO_ERROR;
  const auto unicode = [](std::string_view utf8) {
    return icu::UnicodeString::fromUTF8(
        icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size())));
  };
  const icu::UnicodeString subject = unicode(text);
  icu::RegexMatcher matcher(unicode(pattern), subject, flags, status);
  if (U_FAILURE(status)) return false;
  matcher.setTimeLimit(kRegexTime, status);
  matcher.setStackLimit(kRegexStack, status);
  const bool found = matcher.find(status) != 0;
  return found && U_SUCCESS(status);
}

bool IsEmail(std::string_view text) {
  const std::size_t at = text.rfind('@');
  constexpr std::size_t kMaxLocal = 64, kMaxAddress = 254;
  if (at == std::string_view::npos || at == 0 || at > kMaxLocal || text.size() > kMaxAddress)
    return false;
  const std::string_view local = text.substr(0, at), domain = text.substr(at + 1);
  const auto bad = [](char c) {
    return static_cast<unsigned char>(c) <= ' ' ||
           std::string_view("\"(),:;<>@[\\]").find(c) != std::string_view::npos;
  };
  if (std::any_of(local.begin(), local.end(), bad) || local.front() == '.' || local.back() == '.' ||
      local.find("..") != std::string_view::npos) {
    return false;
  }
  std::size_t labels = 0, length = 0;
  for (std::size_t i = 0; i <= domain.size(); ++i) {
    if (i == domain.size() || domain[i] == '.') {
      if (length == 0 || domain[i - 1] == '-') return false;
      ++labels;
      length = 0;
      continue;
    }
    const unsigned char c = static_cast<unsigned char>(domain[i]);
    const bool letter = std::isalnum(c) != 0 || c >= 0x80;
    if (!letter && (c != '-' || length == 0)) return false;
    ++length;
  }
  return labels >= 2;
}

// The schemes of an argument: "https", ["http","https"].
std::vector<std::string> Schemes(const json::object& args) {
  std::vector<std::string> schemes;
  const json::value* given = Find(args, "scheme");
  if (given == nullptr) return schemes;
  if (given->is_string()) return SplitComma(View(given->get_string()));
  if (!given->is_array()) return schemes;
  for (const json::value& item : given->get_array()) {
    if (item.is_string()) schemes.emplace_back(View(item.get_string()));
  }
  return schemes;
}

bool HasUriCharacters(std::string_view text) {
  return !text.empty() && std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) >= 0x7f ||
           std::string_view("\"<>\\^`{|}").find(c) != std::string_view::npos;
  });
}

// The scheme in front of ":", empty when there is none.
std::string_view SchemeOf(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 ||
      std::isalpha(static_cast<unsigned char>(text[0])) == 0)
    return {};
  const std::string_view scheme = text.substr(0, colon);
  const bool valid = std::all_of(scheme.begin(), scheme.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '-' || c == '.';
  });
  return valid ? scheme : std::string_view();
}

Verdict CheckUri(const Subject& s, const json::object& args) {
  const std::vector<std::string> schemes = Schemes(args);
  const bool relative_only = FindBool(args, "relativeOnly");
  const std::string_view scheme = SchemeOf(s.text);
  const bool characters = HasUriCharacters(s.text);
  if (relative_only) {
    if (characters && scheme.empty()) return std::nullopt;
    return s.Say("{0} must be a valid relative uri");
  }
  if (characters && scheme.empty() && FindBool(args, "allowRelative")) return std::nullopt;
  const bool absolute = characters && !scheme.empty() && s.text.size() > scheme.size() + 1 &&
                        s.text.substr(scheme.size() + 1) != "//";
  if (schemes.empty()) return absolute ? std::nullopt : Verdict(s.Say("{0} must be a valid uri"));
  std::string joined;
  bool known = false;
  for (const std::string& wanted : schemes) {
    joined += (joined.empty() ? "" : "|") + wanted;
    known = known || EqualsIgnoreCaseAscii(wanted, scheme);
  }
  if (absolute && known) return std::nullopt;
  return s.Say("{0} must be a valid uri with a scheme matching the {1} pattern", joined);
}

// 8-4-4-4-12 hexadecimal digits; separators by argument, versions by argument (uuidv4 or
// ["uuidv4"]).
bool IsUuid(std::string_view text, const json::object& args) {
  if (text.size() > 1 && text.front() == '{' && text.back() == '}')
    text = text.substr(1, text.size() - 2);
  std::string hex;
  char separator = '\0';
  bool first = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (std::isxdigit(static_cast<unsigned char>(text[i])) != 0) {
      hex.push_back(text[i]);
      continue;
    }
    const bool place = hex.size() == 8 || hex.size() == 12 || hex.size() == 16 || hex.size() == 20;
    if (!place || (text[i] != '-' && text[i] != ':') || (!first && text[i] != separator))
      return false;
    separator = text[i];
    first = false;
  }
  if (hex.size() != 32 || (!first && text.size() != 36)) return false;
  const json::value* wanted = Find(args, "separator");
  if (wanted != nullptr && wanted->is_bool() && wanted->get_bool() == first) return false;
  if (wanted != nullptr && wanted->is_string() && !wanted->get_string().empty() &&
      wanted->get_string()[0] != separator) {
    return false;
  }
  const json::value* versions = Find(args, "version");
  std::string list = versions == nullptr || versions->is_null() ? "" : ToJson(*versions);
  if (list.find("uuidv") == std::string::npos) return true;
  return list.find(std::string("uuidv") + hex[12]) != std::string::npos;
}

Verdict CheckHex(const Subject& s, const json::object& args) {
  std::string_view text = s.text;
  const bool prefixed = text.substr(0, 2) == "0x" || text.substr(0, 2) == "0X";
  const json::value* prefix = Find(args, "prefix");
  const bool required = prefix != nullptr && prefix->is_bool() && prefix->get_bool();
  const bool optional =
      prefix != nullptr && prefix->is_string() && prefix->get_string() == "optional";
  if (prefixed && (required || optional)) text.remove_prefix(2);
  const bool hex = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return std::isxdigit(static_cast<unsigned char>(c)) != 0;
  });
  if (!hex || (required && !prefixed)) return s.Say("{0} must only contain hexadecimal characters");
  if (FindBool(args, "byteAligned") && text.size() % 2 != 0) {
    return s.Say("{0} hex decoded representation must be byte aligned");
  }
  return std::nullopt;
}

Verdict CheckString(const Subject& s, std::string_view rule, const json::object& args) {
  const auto limit = ArgNumber(args, "limit");
  const double length = static_cast<double>(CountCodePoints(s.text));
  const std::string shown = ArgText(args, "limit");
  if (rule == "max" && limit && length > *limit) {
    return s.Say("{0} length must be less than or equal to {1} characters long", shown);
  }
  if (rule == "min" && limit && length < *limit)
    return s.Say("{0} length must be at least {1} characters long", shown);
  if (rule == "length" && limit && length != *limit)
    return s.Say("{0} length must be {1} characters long", shown);
  if (rule == "pattern") {
    const std::string pattern = ArgText(args, "regex");
    if (!pattern.empty() && !MatchesPattern(s.text, pattern)) {
      return s.Say("{0} with value \"{1}\" fails to match the required pattern: {2}", s.text,
                   pattern);
    }
  }
  if (rule == "email" && !IsEmail(s.text))
    return s.Say("{0} email address doesn’t meet the required format");
  if (rule == "uri") return CheckUri(s, args);
  if ((rule == "uuid" || rule == "guid") && !IsUuid(s.text, args))
    return s.Say("{0} must be a valid UUID");
  if (rule == "hex") return CheckHex(s, args);
  return std::nullopt;
}

// Digits behind the point of the shortest form.
int DecimalPlaces(std::string_view number) {
  const std::size_t exponent_at = number.find_first_of("eE");
  const std::string_view mantissa = number.substr(0, exponent_at);
  const std::size_t point = mantissa.find('.');
  int places = point == std::string_view::npos ? 0 : static_cast<int>(mantissa.size() - point - 1);
  if (exponent_at != std::string_view::npos) {
    places -= std::atoi(std::string(number.substr(exponent_at + 1)).c_str());
  }
  return std::max(places, 0);
}

Verdict CheckNumber(const Subject& s, std::string_view rule, const json::object& args) {
  const auto limit = ArgNumber(args, "limit");
  const std::string shown = ArgText(args, "limit");
  if (rule == "greater" && limit && !(s.number > *limit))
    return s.Say("{0} must be greater than {1}", shown);
  if (rule == "less" && limit && !(s.number < *limit))
    return s.Say("{0} must be less than {1}", shown);
  if (rule == "max" && limit && !(s.number <= *limit))
    return s.Say("{0} must be less than or equal to {1}", shown);
  if (rule == "min" && limit && !(s.number >= *limit))
    return s.Say("{0} must be greater than or equal to {1}", shown);
  if (rule == "integer" && std::trunc(s.number) != s.number) return s.Say("{0} must be an integer");
  if (rule == "multiple") {
    const auto base = ArgNumber(args, "base");
    if (base && *base != 0) {
      const double ratio = s.number / *base;
      // 0.3 is a multiple of 0.1 for people, if not for doubles.
      if (std::abs(ratio - std::round(ratio)) > 1e-9 * std::max(1.0, std::abs(ratio))) {
        return s.Say("{0} must be a multiple of {1}", ArgText(args, "base"));
      }
    }
  }
  if (rule == "precision" && limit && DecimalPlaces(s.number_text) > *limit) {
    return s.Say("{0} must not have more than {1} decimal places", shown);
  }
  return std::nullopt;
}

Verdict CheckDate(const Subject& s, std::string_view rule, const json::object& args) {
  if (rule == "timestamp") {
    if (s.input.is_number() || ReadInteger(s.input)) return std::nullopt;
    return s.Say("{0} must be in timestamp or number of milliseconds format");
  }
  std::string given = ArgText(args, "date");
  if (given.empty()) given = ArgText(args, "limit");
  std::optional<std::int64_t> bound =
      given == "now" ? std::optional(NowMs()) : ParseInstant(given, TimeZone());
  if (const auto number = ReadInteger(json::value(given)); !bound && number) bound = number;
  if (!bound) return std::nullopt;
  const std::string shown = IsoUtc(*bound);
  const std::int64_t value = *s.instant;
  if (rule == "greater" && value <= *bound) return s.Say("{0} must be greater than {1}", shown);
  if (rule == "less" && value >= *bound) return s.Say("{0} must be less than {1}", shown);
  if (rule == "max" && value > *bound) return s.Say("{0} must be less than or equal to {1}", shown);
  if (rule == "min" && value < *bound)
    return s.Say("{0} must be greater than or equal to {1}", shown);
  return std::nullopt;
}

// Is the value of the type that the rules speak about? Fills the subject.
Verdict CheckType(Subject& s, std::string_view type, bool unsafe) {
  if (type == "string") {
    if (!s.input.is_string()) return s.Say("{0} must be a string");
    s.text = View(s.input.get_string());
  } else if (type == "number") {
    const auto number = ReadNumber(s.input);
    if (!number) return s.Say("{0} must be a number");
    s.number = *number;
    s.number_text =
        s.input.is_string() ? std::string(Trim(View(s.input.get_string()))) : ToJson(s.input);
    if (!unsafe && std::abs(*number) > kMaxSafe) return s.Say("{0} must be a safe number");
  } else if (type == "date") {
    s.instant = s.input.is_string() ? ParseInstant(View(s.input.get_string()), TimeZone())
                                    : (s.input.is_number() ? ReadInteger(s.input) : std::nullopt);
    if (!s.instant) s.instant = ReadInteger(s.input);
    if (!s.instant) return s.Say("{0} must be a valid date");
  } else if (type == "boolean") {
    const bool word =
        s.input.is_string() && (s.input.get_string() == "true" || s.input.get_string() == "false");
    if (!s.input.is_bool() && !word) return s.Say("{0} must be a boolean");
  } else if (type == "object") {
    if (!s.input.is_object() && !s.input.is_array()) return s.Say("{0} must be of type object");
  }
  return std::nullopt;
}

struct Rule {
  std::string_view name;
  const json::object* args;
};

std::vector<Rule> RulesOf(const json::object& validation) {
  static const json::object kNoArguments;
  std::vector<Rule> rules;
  const json::value* given = Find(validation, "rules");
  if (given == nullptr || !given->is_array()) return rules;
  for (const json::value& item : given->get_array()) {
    if (!item.is_object()) continue;
    const json::value* args = Find(item, "args");
    rules.push_back({FindString(item.get_object(), "name"),
                     args != nullptr && args->is_object() ? &args->get_object() : &kNoArguments});
  }
  return rules;
}

Verdict Judge(const Field& field, Subject& subject, bool supplied) {
  const std::vector<Rule> rules = RulesOf(*field.validation);
  const auto has = [&](std::string_view name) {
    return std::any_of(rules.begin(), rules.end(),
                       [&](const Rule& rule) { return rule.name == name; });
  };
  const bool required = has("required");
  const bool empty = subject.input.is_string() && subject.input.get_string().empty();
  if (!supplied || subject.input.is_null()) {
    return required ? Verdict(subject.Say("{0} is required")) : std::nullopt;
  }
  if (empty)
    return required ? Verdict(subject.Say("{0} is not allowed to be empty")) : std::nullopt;
  if (field.is_relation()) return std::nullopt;

  const std::string_view type = FindString(*field.validation, "type");
  if (Verdict verdict = CheckType(subject, type, has("unsafe"))) return verdict;
  for (const Rule& rule : rules) {
    Verdict verdict;
    if (type == "string") verdict = CheckString(subject, rule.name, *rule.args);
    if (type == "number") verdict = CheckNumber(subject, rule.name, *rule.args);
    if (type == "date") verdict = CheckDate(subject, rule.name, *rule.args);
    if (verdict) return verdict;
  }
  return std::nullopt;
}

}  // namespace

std::string ValidationLabel(const Field& field, const Collection& collection) {
  const std::string& owner = collection.title.empty() ? collection.name : collection.title;
  const std::string& own = field.title.empty() ? field.name : field.title;
  return owner + ": " + own;
}

std::optional<Error> Validate(const Field& field, const Collection& collection,
                              const json::value& input, bool supplied, std::string_view locale) {
  if (!field.validation) return std::nullopt;
  const std::string label = ValidationLabel(field, collection);
  Subject subject{input, label, locale, {}, 0, {}, std::nullopt};
  Verdict verdict = Judge(field, subject, supplied);
  if (!verdict) return std::nullopt;
  return InvalidArgument("VALIDATION_FAILED", std::move(*verdict), {}, field.name);
}

}  // namespace renkei::schema
