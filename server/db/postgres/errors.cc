#include "db/postgres/errors.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include "db/errors.h"

namespace renkei::db::postgres {
namespace {

Error Make(ErrorKind kind, std::string_view code, std::string message) {
  Error error;
  error.kind = kind;
  error.code = code;
  error.message = std::move(message);
  return error;
}

// `Key (a, "b c")=(1, 2) already exists.` → "a,b c"
std::string KeyColumns(std::string_view detail) {
  std::size_t open = detail.find('(');
  std::size_t close = detail.find(")=(");
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return {};
  std::string_view list = detail.substr(open + 1, close - open - 1);
  std::string columns;
  while (!list.empty()) {
    std::size_t comma = list.find(", ");
    std::string_view name = list.substr(0, comma);
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 2);
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"')
      name = name.substr(1, name.size() - 2);
    if (!columns.empty()) columns += ',';
    columns += name;
  }
  return columns;
}

Error TableHint(Error error, std::string_view table) {
  if (!table.empty()) error.hint = fmt::format("table:{}", table);
  return error;
}

Error IntegrityError(std::string_view state, std::string_view detail, std::string_view column,
                     std::string_view table) {
  constexpr ErrorKind kInvalid = ErrorKind::kInvalidArgument;
  if (state == "23505" || state == "23P01") {
    Error error = Make(kInvalid, codes::kUnique, "The value already exists");
    error.field = KeyColumns(detail);
    return TableHint(std::move(error), table);
  }
  if (state == "23502") {
    Error error = Make(kInvalid, codes::kNotNull, "A value is required");
    error.field = column;
    return TableHint(std::move(error), table);
  }
  if (state == "23503") {
    return Make(kInvalid, codes::kForeignKey,
                "Another record refers to this one, or the record referred to does not exist");
  }
  return Make(kInvalid, codes::kCheck, "The value is not allowed");
}

bool IsUnavailable(std::string_view state) {
  return state.starts_with("08") || state.starts_with("53") || state.starts_with("58") ||
         state == "57P01" || state == "57P02" || state == "57P03" || state == "57P05" ||
         state == "25006" || state == "55006" || state.starts_with("28") || state == "3D000";
}

std::string_view Field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? std::string_view() : std::string_view(text);
}

}  // namespace

Error ConnectionLost(std::string detail) {
  return Unavailable(codes::kUnavailable, "The database is not available", std::move(detail));
}

Error QueryTimeout() {
  Error error = Make(ErrorKind::kDeadlineExceeded, codes::kTimeout, "The query took too long");
  error.hint = "Narrow the filter, ask for fewer rows, or add an index";
  return error;
}

ServerError TranslateError(std::string_view state, std::string_view message,
                           std::string_view detail, std::string_view column,
                           std::string_view table) {
  constexpr ErrorKind kInvalid = ErrorKind::kInvalidArgument;
  ServerError result;
  if (state.starts_with("23")) {
    result.error = IntegrityError(state, detail, column, table);
  } else if (state == "40001" || state == "40P01") {
    result.remedy = Remedy::kRunAgain;
    result.error = Make(ErrorKind::kConflict, codes::kSerialization,
                        "Others changed the same records at the same time");
    result.error.hint = "Try again";
  } else if (state == "57014") {
    result.remedy = Remedy::kCancelled;
    result.error = QueryTimeout();
  } else if (state == "26000" ||
             (state == "0A000" && message.find("cached plan") != std::string_view::npos)) {
    result.remedy = Remedy::kPrepareAgain;
    result.error =
        Make(ErrorKind::kConflict, codes::kSerialization, "The tables changed while the query ran");
    result.error.hint = "Try again";
  } else if (state == "42703" || state == "42P01" || state == "42702" || state == "42P02" ||
             state == "42704") {
    result.error = Make(kInvalid, codes::kUnknownColumn, "Invalid SQL column or table reference");
  } else if (state.starts_with("42")) {
    result.error =
        state == "42804" || state == "42883" || state == "42846" || state == "42501"
            ? Make(kInvalid, codes::kInvalidValue, "The value does not fit the column's type")
            : Make(kInvalid, codes::kSyntax, "The database did not understand the query");
    if (state == "42501")
      result.error = Make(kInvalid, codes::kSyntax, "The database refused the query");
  } else if (state.starts_with("22")) {
    result.error = Make(
        kInvalid, codes::kInvalidValue,
        state == "2201B" ? "Not a regular expression" : "The value is malformed or out of range");
  } else if (state.starts_with("54")) {
    result.error = Make(kInvalid, codes::kInvalidValue, "The query or value is too large");
  } else if (state == "0A000") {
    result.error = Make(kInvalid, codes::kSyntax, "The database cannot do this");
  } else if (state == "55P03") {
    result.error = Make(ErrorKind::kUnavailable, codes::kUnavailable, "The records are locked");
    result.error.hint = "Try again in a moment";
  } else if (IsUnavailable(state)) {
    result.error = ConnectionLost({});
  } else {
    result.error = Internal({});
  }
  result.error.detail =
      fmt::format("{} {}{}{}", state, message, detail.empty() ? "" : ": ", detail);
  return result;
}

ServerError TranslateError(const pg_result* result) {
  return TranslateError(Field(result, PG_DIAG_SQLSTATE), Field(result, PG_DIAG_MESSAGE_PRIMARY),
                        Field(result, PG_DIAG_MESSAGE_DETAIL), Field(result, PG_DIAG_COLUMN_NAME),
                        Field(result, PG_DIAG_TABLE_NAME));
}

}  // namespace renkei::db::postgres
