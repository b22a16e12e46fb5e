#include "db/sqlite/functions.h"

#include <fmt/format.h>
#include <unicode/uregex.h>
#include <unicode/utext.h>

#include <cmath>
#include <memory>

#include "db/sqlite/decimal.h"
#include "db/sqlite/function_support.h"
#include "db/sqlite/pattern.h"

namespace renkei::db::sqlite {
namespace {

// One match may take this many of ICU's units (about a millisecond each) and this much memory: a
// pattern such as (a+)+$ would take for ever.
constexpr int kRegexpTimeLimit = 200;
constexpr int kRegexpStackLimit = 1 << 20;

int CollateDecimal(void*, int a_size, const void* a, int b_size, const void* b) {
  return CompareDecimals({static_cast<const char*>(a), static_cast<std::size_t>(a_size)},
                         {static_cast<const char*>(b), static_cast<std::size_t>(b_size)});
}

std::string NumberText(double value) {
  if (value == std::trunc(value) && std::abs(value) < 1e15)
    return fmt::format_int(static_cast<std::int64_t>(value)).str();
  return fmt::format("{}", value);
}

void Text(sqlite3_context* context, int, sqlite3_value** args) {
  switch (sqlite3_value_type(args[0])) {
    case SQLITE_FLOAT:
      return ReturnText(context, NumberText(sqlite3_value_double(args[0])));
    case SQLITE_INTEGER:
      return ReturnText(context, fmt::format_int(sqlite3_value_int64(args[0])).str());
    default:
      sqlite3_result_value(context, args[0]);
  }
}

template <bool fold_case>
void Like(sqlite3_context* context, int, sqlite3_value** args) {
  if (IsNull(args[0]) || IsNull(args[1])) return;
  auto pattern = Cached<LikePattern>(context, 1, [&]() -> std::unique_ptr<LikePattern> {
    auto compiled = LikePattern::Compile(TextOf(args[1]), fold_case);
    if (compiled) return std::make_unique<LikePattern>(std::move(*compiled));
    ReturnInvalid(context, "a LIKE pattern must not end with the escape character \\");
    return nullptr;
  });
  if (!pattern) return;
  bool is_double = sqlite3_value_type(args[0]) == SQLITE_FLOAT;
  bool matches = is_double ? pattern->Matches(NumberText(sqlite3_value_double(args[0])))
                           : pattern->Matches(TextOf(args[0]));
  sqlite3_result_int(context, matches);
}

struct Regexp {
  URegularExpression* handle = nullptr;
  ~Regexp() { uregex_close(handle); }
};

std::unique_ptr<Regexp> CompileRegexp(sqlite3_context* context, std::string_view pattern,
                                      bool case_sensitive) {
  UErrorCode status = U_ZERO_ERROR;
  UParseError where{};
  UText* text =
      utext_openUTF8(nullptr, pattern.data(), static_cast<std::int64_t>(pattern.size()), &status);
  auto made = std::make_unique<Regexp>();
  made->handle =
      uregex_openUText(text, case_sensitive ? 0 : UREGEX_CASE_INSENSITIVE, &where, &status);
  utext_close(text);
  if (U_FAILURE(status)) {
    ReturnInvalid(context,
                  fmt::format("not a regular expression, near character {}", where.offset + 1));
    return nullptr;
  }
  uregex_setTimeLimit(made->handle, kRegexpTimeLimit, &status);
  uregex_setStackLimit(made->handle, kRegexpStackLimit, &status);
  return made;
}

void MatchRegexp(sqlite3_context* context, int, sqlite3_value** args) {
  if (IsNull(args[0]) || IsNull(args[1])) return;
  auto regexp = Cached<Regexp>(context, 1, [&] {
    return CompileRegexp(context, TextOf(args[1]), sqlite3_value_int(args[2]) != 0);
  });
  if (!regexp) return;
  std::string_view subject = TextOf(args[0]);
  UErrorCode status = U_ZERO_ERROR;
  UText* text =
      utext_openUTF8(nullptr, subject.data(), static_cast<std::int64_t>(subject.size()), &status);
  uregex_setUText(regexp->handle, text, &status);
  UBool found = uregex_find(regexp->handle, -1, &status);
  utext_close(text);
  if (status == U_REGEX_TIME_OUT || status == U_REGEX_STACK_OVERFLOW) {
    return sqlite3_result_error_code(context, SQLITE_INTERRUPT);
  }
  if (U_FAILURE(status))
    return ReturnInvalid(context, fmt::format("regular expression: {}", u_errorName(status)));
  sqlite3_result_int(context, found ? 1 : 0);
}

// The state of one group. SQLite's own memory is aligned to 8 bytes only, too little for the sum,
// so it holds a pointer; the finishing function is always called and frees it.
struct Aggregate {
  std::int64_t rows = 0;
  DecimalSum sum;
};

void AddToSum(sqlite3_context* context, int, sqlite3_value** args) {
  if (IsNull(args[0])) return;
  auto** state = static_cast<Aggregate**>(sqlite3_aggregate_context(context, sizeof(Aggregate*)));
  if (state == nullptr) return sqlite3_result_error_nomem(context);
  if (*state == nullptr) *state = new Aggregate;
  ++(*state)->rows;
  (*state)->sum.Add(TextOf(args[0]));
}

std::unique_ptr<Aggregate> TakeAggregate(sqlite3_context* context) {
  auto** state = static_cast<Aggregate**>(sqlite3_aggregate_context(context, 0));
  return std::unique_ptr<Aggregate>(state == nullptr ? nullptr : *state);
}

void FinishSum(sqlite3_context* context) {
  auto state = TakeAggregate(context);
  if (!state) return;
  if (std::int64_t whole; state->sum.AsInteger(whole)) return sqlite3_result_int64(context, whole);
  sqlite3_result_double(context, state->sum.AsDouble());
}

void FinishAverage(sqlite3_context* context) {
  auto state = TakeAggregate(context);
  if (state)
    sqlite3_result_double(context, state->sum.AsDouble() / static_cast<double>(state->rows));
}

}  // namespace

int RegisterFunctions(sqlite3* connection) {
  constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
  int code = sqlite3_create_collation_v2(connection, "RK_DECIMAL", SQLITE_UTF8, nullptr,
                                         CollateDecimal, nullptr);
  auto add = [&](const char* name, int args,
                 void (*function)(sqlite3_context*, int, sqlite3_value**)) {
    if (code == SQLITE_OK) {
      code = sqlite3_create_function_v2(connection, name, args, kFlags, nullptr, function, nullptr,
                                        nullptr, nullptr);
    }
  };
  add("rk_text", 1, Text);
  add("rk_like", 2, Like<false>);
  add("rk_ilike", 2, Like<true>);
  add("rk_regexp", 3, MatchRegexp);
  auto aggregate = [&](const char* name, void (*finish)(sqlite3_context*)) {
    if (code == SQLITE_OK) {
      code = sqlite3_create_function_v2(connection, name, 1, kFlags, nullptr, nullptr, AddToSum,
                                        finish, nullptr);
    }
  };
  aggregate("rk_sum", FinishSum);
  aggregate("rk_avg", FinishAverage);
  return code == SQLITE_OK ? RegisterJsonFunctions(connection) : code;
}

}  // namespace renkei::db::sqlite
