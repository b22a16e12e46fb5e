#include "db/sqlite/errors.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <string>

#include "db/errors.h"
#include "db/sqlite/functions.h"

namespace renkei::db::sqlite {
namespace {

Error Invalid(std::string_view code, std::string message, std::string_view detail) {
  Error error = InvalidArgument(code, std::move(message));
  error.detail = detail;
  return error;
}

// "UNIQUE constraint failed: books.isbn, books.edition" → field "isbn,edition", hint "table:books".
void FillColumns(Error& error, std::string_view message) {
  std::size_t colon = message.find(": ");
  if (colon == std::string_view::npos) return;
  std::string_view list = message.substr(colon + 2);
  if (list.starts_with("index '")) return;  // an index over expressions names no columns
  while (!list.empty()) {
    std::size_t comma = list.find(", ");
    std::string_view name = list.substr(0, comma);
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 2);
    std::size_t dot = name.find('.');
    if (dot == std::string_view::npos) continue;
    if (error.hint.empty()) error.hint = fmt::format("table:{}", name.substr(0, dot));
    if (!error.field.empty()) error.field += ',';
    error.field += name.substr(dot + 1);
  }
}

Error Constraint(int code, std::string_view message) {
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID: {
      Error error = Invalid(codes::kUnique, "The value already exists", message);
      FillColumns(error, message);
      return error;
    }
    case SQLITE_CONSTRAINT_NOTNULL: {
      Error error = Invalid(codes::kNotNull, "A value is required", message);
      FillColumns(error, message);
      return error;
    }
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return Invalid(codes::kForeignKey,
                     "Another record refers to this one, or the record referred to does not exist",
                     message);
    case SQLITE_CONSTRAINT_DATATYPE:
      return Invalid(codes::kInvalidValue, "The value has the wrong type", message);
    default:
      return Invalid(codes::kCheck, "The value is not allowed", message);
  }
}

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// SQLITE_ERROR says everything in its text.
Error Generic(std::string_view message) {
  if (std::size_t at = message.find(kInvalidValuePrefix); at != std::string_view::npos) {
    std::string text(message.substr(at + sizeof(kInvalidValuePrefix) - 1));
    return Invalid(codes::kInvalidValue, std::move(text), message);
  }
  if (Contains(message, "no such column") || Contains(message, "no such table") ||
      Contains(message, "has no column named") || Contains(message, "ambiguous column name")) {
    return Invalid(codes::kUnknownColumn, "Invalid SQL column or table reference", message);
  }
  if (Contains(message, "integer overflow") || Contains(message, "malformed JSON") ||
      Contains(message, "too big")) {
    return Invalid(codes::kInvalidValue, "The value is out of range or malformed", message);
  }
  return Invalid(codes::kSyntax, "The database did not understand the query", message);
}

}  // namespace

Error QueryTimeout() {
  Error error;
  error.kind = ErrorKind::kDeadlineExceeded;
  error.code = codes::kTimeout;
  error.message = "The query took too long";
  error.hint = "Narrow the filter, ask for fewer rows, or add an index";
  return error;
}

Error TranslateError(int code, std::string_view message) {
  switch (code & 0xFF) {
    case SQLITE_CONSTRAINT:
      return Constraint(code, message);
    case SQLITE_ERROR:
      return Generic(message);
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
      return Invalid(codes::kInvalidValue, "The value has the wrong type or is too large", message);
    case SQLITE_INTERRUPT: {
      Error error = QueryTimeout();
      error.detail = message;
      return error;
    }
    case SQLITE_FULL:
      return Unavailable(codes::kUnavailable, "The database disk is full", std::string(message));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Unavailable(codes::kUnavailable, "The database is locked", std::string(message));
    case SQLITE_READONLY:
      return Unavailable(codes::kUnavailable, "The database is read-only", std::string(message));
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
    case SQLITE_PROTOCOL:
    case SQLITE_NOMEM:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Unavailable(codes::kUnavailable, "The database is not available",
                         fmt::format("{} ({})", message, sqlite3_errstr(code)));
    default:
      return Internal(fmt::format("SQLite {} {}: {}", code, sqlite3_errstr(code), message));
  }
}

}  // namespace renkei::db::sqlite
