// The dialects' conditions on real rows: both databases must select the same.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "db/database_harness.h"
#include "db/errors.h"

namespace renkei::db {
namespace {

struct Column {
  std::string name;
  ColumnKind kind;
};

const std::vector<Column> kColumns = {
    {"name", ColumnKind::kText},      {"price", ColumnKind::kDecimal},
    {"ratio", ColumnKind::kDouble},   {"big", ColumnKind::kInt64},
    {"tags", ColumnKind::kJsonb},     {"meta", ColumnKind::kJson},
    {"at", ColumnKind::kTimestampTz}, {"labels", ColumnKind::kInt64Array},
    {"flag", ColumnKind::kBoolean},
};

class ConditionTest : public testing::TestWithParam<const char*> {
 protected:
  ConditionTest()
      : storage_(GetParam()), database_(storage_.Open()), dialect_(database_->dialect()) {
    std::string create = "CREATE TABLE t (id INTEGER PRIMARY KEY";
    for (const Column& column : kColumns) {
      ColumnSpec spec;
      spec.kind = column.kind;
      create += fmt::format(", {} {}", column.name, dialect_.ColumnType(spec));
    }
    Must(create + ")");
    bool postgres = dialect_.name() == "postgres";
    auto array = [&](const char* json, const char* native) {
      return Value::Text(postgres ? native : json);
    };
    auto row = [&](int id, std::vector<Value> values) {
      std::string insert = fmt::format("INSERT INTO t VALUES ({}", id);
      for (std::size_t i = 1; i <= values.size(); ++i) {
        insert += ", ";
        dialect_.AppendPlaceholder(insert, i);
      }
      Must(insert + ")", std::move(values));
    };
    row(1, {Value::Text("Straße 100%"), Value::Text("9.50"), Value::Double(1.5), Value::Int(1),
            Value::Text(R"(["a","b"])"),
            Value::Text(R"({"color":"red","n":5,"deep":[{"x":"y"}],"ok":true})"),
            Value::Text("2026-03-09T16:30:00.000Z"), array("[1,2]", "{1,2}"), Value::Bool(true)});
    row(2, {Value::Text("Ärger_x"), Value::Text("10.00"), Value::Double(20),
            Value::Int(9007199254740993), Value::Text(R"(["b","a","a"])"),
            Value::Text(R"({"color":"blue","n":12.5,"deep":[],"ok":false})"),
            Value::Text("2026-03-10T15:00:00.000Z"), array("[3]", "{3}"), Value::Bool(false)});
    row(3, {Value::Text(""), Value::Text("-1"), Value::Double(-0.25), Value::Int(-5),
            Value::Text("[]"), Value::Text("[1,2]"), Value::Text("1969-12-31T23:59:59.999Z"),
            array("[]", "{}"), Value::Null()});
    row(4, std::vector<Value>(kColumns.size()));
  }
  ~ConditionTest() override { database_->Close(); }

  void Must(const std::string& sql, std::vector<Value> params = {}) {
    auto done = Await(database_->Write({sql, std::move(params), "test"}, Soon()));
    ASSERT_TRUE(done) << sql << ": " << done.error().detail;
  }
  // The ids that match, as "13"; an error's code.
  std::string Ids(const std::string& condition, std::vector<Value> params,
                  std::string_view order = "id") {
    Statement select{fmt::format("SELECT id FROM t WHERE {} ORDER BY {}", condition, order),
                     std::move(params), "test"};
    auto rows = Await(database_->ReadOne(std::move(select), ReadCost::kUnbounded, Soon()));
    if (!rows) return std::string(rows.error().code) + " " + rows.error().detail;
    std::string ids;
    for (std::size_t i = 0; i < rows->size(); ++i) ids += rows->at(i, 0).ToText();
    return ids;
  }
  std::string One(const std::string& expression) {
    auto rows = Await(database_->ReadOne({fmt::format("SELECT {} FROM t", expression), {}, "test"},
                                         ReadCost::kUnbounded, Soon()));
    return rows ? rows->at(0, 0).ToText() : rows.error().detail;
  }
  std::string P(std::size_t index, ColumnKind kind) {
    return dialect_.TypedPlaceholder(index, kind);
  }
  std::string TextP() {
    std::string sql;
    dialect_.AppendPlaceholder(sql, 1);
    return sql;
  }

  TestStorage storage_;
  std::unique_ptr<Database> database_;
  const Dialect& dialect_;
};

TEST_P(ConditionTest, TextOperators) {
  auto like = [&](std::string_view column, const char* pattern, bool sensitive = false,
                  bool negate = false) {
    return Ids(dialect_.Like(dialect_.AsText(column), TextP(), sensitive, negate),
               {Value::Text(pattern)});
  };
  EXPECT_EQ(like("name", "%STRA%"), "1");
  EXPECT_EQ(like("name", "ä%"), "2");
  EXPECT_EQ(like("name", "ä%", true), "");
  EXPECT_EQ(like("name", "%100\\%"), "1");
  EXPECT_EQ(like("name", "%r\\_x"), "2");
  EXPECT_EQ(like("name", "%s%", false, true), "23");
  EXPECT_EQ(like("name", "_%"), "12");
  EXPECT_EQ(like("ratio", "20"), "2");
  EXPECT_EQ(like("big", "%54740993"), "2");
  auto regexp = [&](const char* pattern, bool sensitive, bool negate) {
    return Ids(dialect_.Regexp("name", TextP(), sensitive, negate), {Value::Text(pattern)});
  };
  EXPECT_EQ(regexp("^[SX]", true, false), "1");
  EXPECT_EQ(regexp("^s", false, false), "1");
  EXPECT_EQ(regexp("x$", true, true), "13");
  EXPECT_TRUE(regexp("(", true, false).starts_with(codes::kInvalidValue));
}

TEST_P(ConditionTest, ListsOfEveryKind) {
  auto in = [&](std::string_view column, ColumnKind kind, std::vector<Value> values,
                bool negate = false) {
    std::vector<Value> params;
    params.push_back(dialect_.EncodeList(values, kind));
    return Ids(dialect_.InList(column, 1, kind, negate), std::move(params));
  };
  EXPECT_EQ(in("id", ColumnKind::kInt32, {Value::Int(1), Value::Int(3)}), "13");
  EXPECT_EQ(in("id", ColumnKind::kInt32, {Value::Int(1)}, true), "234");
  EXPECT_EQ(in("id", ColumnKind::kInt32, {}), "");
  EXPECT_EQ(in("id", ColumnKind::kInt32, {}, true), "1234");
  EXPECT_EQ(in("big", ColumnKind::kInt64, {Value::Int(9007199254740993)}), "2");
  EXPECT_EQ(in("price", ColumnKind::kDecimal, {Value::Text("9.5"), Value::Text("-1.00")}), "13");
  EXPECT_EQ(in("name", ColumnKind::kText, {Value::Text(""), Value::Text("Ärger_x")}), "23");
  EXPECT_EQ(in("ratio", ColumnKind::kDouble, {Value::Double(1.5)}), "1");
  EXPECT_EQ(in("flag", ColumnKind::kBoolean, {Value::Bool(false)}), "2");
  EXPECT_EQ(in("name", ColumnKind::kText, {Value::Text("")}, true), "12");
}

TEST_P(ConditionTest, DecimalsCompareByValue) {
  std::string p = TextP();
  EXPECT_EQ(Ids("price > " + p, {Value::Text("9.6")}), "2");
  EXPECT_EQ(Ids("price = " + p, {Value::Text("9.5")}), "1");
  EXPECT_EQ(Ids("price < " + p, {Value::Text("9.6")}), "13");
  EXPECT_EQ(Ids("price IS NOT NULL", {}, dialect_.OrderBy("price", false)), "312");
  EXPECT_EQ(Ids("id > 0", {}, dialect_.OrderBy("price", true)), "2134");
  EXPECT_EQ(Ids("id > 0", {}, dialect_.OrderBy("price", false)), "3124");
  EXPECT_EQ(std::stod(One(dialect_.Sum("price", ColumnKind::kDecimal))), 18.5);
  EXPECT_EQ(std::stod(One(dialect_.Avg("price", ColumnKind::kDecimal))), 18.5 / 3);
  EXPECT_EQ(std::stod(One("max(price)")), 10);
}

TEST_P(ConditionTest, PathsInJson) {
  auto text = [&](std::vector<std::string> path, const char* value) {
    std::string condition =
        dialect_.JsonPathText("meta", 1, ColumnKind::kJson) + " = " + P(2, ColumnKind::kText);
    return Ids(condition, {dialect_.EncodeJsonPath(path), Value::Text(value)});
  };
  EXPECT_EQ(text({"color"}, "red"), "1");
  EXPECT_EQ(text({"deep", "0", "x"}, "y"), "1");
  EXPECT_EQ(text({"ok"}, "true"), "1");
  EXPECT_EQ(text({"n"}, "12.5"), "2");
  EXPECT_EQ(text({"1"}, "2"), "3");
  auto number = [&](std::vector<std::string> path, double value) {
    std::string condition =
        dialect_.JsonPathNumber("meta", 1, ColumnKind::kJson) + " > " + P(2, ColumnKind::kDouble);
    return Ids(condition, {dialect_.EncodeJsonPath(path), Value::Double(value)});
  };
  EXPECT_EQ(number({"n"}, 4), "12");
  EXPECT_EQ(number({"n"}, 5), "2");
  EXPECT_EQ(number({"color"}, 0), "");
}

TEST_P(ConditionTest, Arrays) {
  auto match = [&](const char* list) {
    return Ids(dialect_.ArrayMatch("tags", 1, ColumnKind::kJsonb), {Value::Text(list)});
  };
  EXPECT_EQ(match(R"(["b","a"])"), "12");
  EXPECT_EQ(match(R"(["a"])"), "");
  EXPECT_EQ(match("[]"), "3");
  auto any = [&](const char* list) {
    return Ids(dialect_.ArrayAnyOf("tags", 1, ColumnKind::kJsonb), {Value::Text(list)});
  };
  EXPECT_EQ(any(R"(["b","z"])"), "12");
  EXPECT_EQ(any(R"(["z"])"), "");
  EXPECT_EQ(
      Ids("NOT " + dialect_.ArrayAnyOf("tags", 1, ColumnKind::kJsonb), {Value::Text(R"(["b"])")}),
      "3");
  EXPECT_EQ(Ids(dialect_.ArrayLength("tags", ColumnKind::kJsonb) + " = 0", {}), "3");
  EXPECT_EQ(Ids(dialect_.ArrayLength("labels", ColumnKind::kInt64Array) + " = 2", {}), "1");
  EXPECT_EQ(Ids(dialect_.ArrayMatch("labels", 1, ColumnKind::kInt64Array), {Value::Text("[2,1]")}),
            "1");
  EXPECT_EQ(Ids(dialect_.ArrayAnyOf("labels", 1, ColumnKind::kInt64Array), {Value::Text("[2,3]")}),
            "12");
  EXPECT_EQ(Ids(dialect_.ArrayHas("labels", "id + 1", ColumnKind::kInt64Array), {}), "12");
  EXPECT_EQ(Ids(dialect_.ArrayHas("tags", "'b'", ColumnKind::kJsonb), {}), "12");
}

TEST_P(ConditionTest, DatesByFormat) {
  auto formatted = [&](const char* format, int offset) {
    auto rows =
        Await(database_->ReadOne({fmt::format("SELECT {} FROM t WHERE id < 4 ORDER BY id",
                                              dialect_.FormatDate("at", format, offset, true)),
                                  {},
                                  "test"},
                                 ReadCost::kUnbounded, Soon()));
    std::string all;
    for (std::size_t i = 0; rows && i < rows->size(); ++i) all += rows->at(i, 0).ToText() + "|";
    return rows ? all : rows.error().detail;
  };
  EXPECT_EQ(formatted("YYYY-MM-DD", 0), "2026-03-09|2026-03-10|1969-12-31|");
  EXPECT_EQ(formatted("YYYY-MM-DD hh:mm:ss", 480),
            "2026-03-10 00:30:00|2026-03-10 23:00:00|1970-01-01 07:59:59|");
  EXPECT_EQ(formatted("YYYY年MM", -60), "2026年03|2026年03|1969年12|");
  EXPECT_EQ(One(dialect_.FormatDate(dialect_.InstantFromUnix("1767323045", false),
                                    "YYYY-MM-DD HH:mm", 60, true)),
            "2026-01-02 04:04");
}

std::string KindName(const testing::TestParamInfo<const char*>& kind) { return kind.param; }
INSTANTIATE_TEST_SUITE_P(Sqlite, ConditionTest, testing::Values("sqlite"), KindName);
INSTANTIATE_TEST_SUITE_P(Postgres, ConditionTest, testing::Values("postgres"), KindName);

}  // namespace
}  // namespace renkei::db
