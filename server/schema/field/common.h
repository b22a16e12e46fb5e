// What the field types share: the one refusal of a value, and reading numbers and text from JSON.
// Pure functions; any thread. Errors: 400 INVALID_VALUE.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "schema/field_type.h"

namespace renkei::schema {

// "<Field title>: invalid value", with what would have been accepted as hint.
tl::unexpected<Error> RefuseValue(const Field& field, std::string_view accepted);
// A fault of a definition, not of a value: 400 INVALID_FIELD_OPTION.
tl::unexpected<Error> RefuseOption(std::string_view option, std::string message);

// A whole number: 7, 7.0, "7", " -7 ". nullopt: anything else, or beyond 64 bits.
std::optional<std::int64_t> ReadInteger(const json::value& input);
// A finite number: 1.5, "1.5".
std::optional<double> ReadNumber(const json::value& input);
// A string, or a number written as one. nullopt: anything else, bad UTF-8, or U+0000 (no database
// takes that).
std::optional<std::string> ReadText(const json::value& input);
bool IsStorableText(std::string_view text);
// False when a string inside holds U+0000 or the document is nested too deeply.
bool IsStorableJson(const json::value& value);

// The two databases store a few types in different forms (lists and shapes: their own on
// PostgreSQL, JSON on SQLite).
bool StoresNatively(const db::Dialect& dialect);

// Appends a 64-bit integer; beyond 2^53-1 as a string, since clients read numbers as doubles.
void AppendWireInteger(std::string& out, const db::Cell& cell);
// Appends the cell as a JSON string, whatever its storage class.
void AppendWireText(std::string& out, const db::Cell& cell);
void AppendWireDouble(std::string& out, const db::Cell& cell);
void AppendWireBoolean(std::string& out, const db::Cell& cell);

}  // namespace renkei::schema
