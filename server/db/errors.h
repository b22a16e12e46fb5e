// What a database can answer besides rows, in codes that do not depend on the database. The driver
// fills `field` with the column's name where it can tell, and `detail` with the driver's own text
// (log only).
#pragma once

#include <string_view>

namespace renkei::db::codes {

inline constexpr std::string_view kUnique =
    "UNIQUE_VIOLATION";  // kInvalidArgument; field = column(s), comma-joined;
                         // hint = "table:<name>" for the caller to rewrite
inline constexpr std::string_view kNotNull =
    "NOT_NULL_VIOLATION";  // kInvalidArgument; field = column
inline constexpr std::string_view kForeignKey = "FOREIGN_KEY_VIOLATION";
inline constexpr std::string_view kCheck = "CHECK_VIOLATION";
inline constexpr std::string_view kInvalidValue =
    "INVALID_VALUE";  // conversion, range, length: kInvalidArgument
inline constexpr std::string_view kUnknownColumn =
    "INVALID_SQL_REFERENCE";  // unknown column or table: kInvalidArgument
inline constexpr std::string_view kSyntax = "INVALID_SQL";  // kInvalidArgument
inline constexpr std::string_view kSerialization =
    "SERIALIZATION_FAILURE";  // kConflict: run the transaction again
inline constexpr std::string_view kUnavailable =
    "DATABASE_UNAVAILABLE";  // kUnavailable: connection lost, locked, disk full
inline constexpr std::string_view kTimeout = "QUERY_TIMEOUT";  // kDeadlineExceeded

}  // namespace renkei::db::codes
