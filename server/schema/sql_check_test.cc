#include "schema/sql_check.h"

#include <gtest/gtest.h>

namespace renkei::schema {
namespace {

TEST(SqlCheck, LetsSelectsThrough) {
  for (const std::string_view sql :
       {"select 1", "SELECT a, 'delete; drop' AS b FROM t -- update\n",
        "with x as (select 1) select * from x;", "select replace(name, 'a', 'b') from t",
        "select \"update\" from t", "select count(*) from a join b on a.id = b.id",
        "/* a comment */ select 1"}) {
    EXPECT_TRUE(CheckSelect(sql).has_value()) << sql;
  }
}

TEST(SqlCheck, RefusesWithTheTextsOfTheReference) {
  struct Case {
    std::string_view sql, message;
  };
  constexpr std::string_view kMissing = "Please enter a SQL statement";
  constexpr std::string_view kNotSelect = "Only supports SELECT statements or WITH clauses";
  constexpr std::string_view kDangerous = "SQL statements contain dangerous keywords";
  const Case cases[] = {
      {"", kMissing},
      {"  -- only a comment", kMissing},
      {"delete from users", kNotSelect},
      {"update users set nickname = 'x'", kNotSelect},
      {"(select 1)", kNotSelect},
      {"select 1; drop table t", kDangerous},
      {"with x as (delete from t returning *) select * from x", kDangerous},
      {"select * into t2 from t", kDangerous},
      {"select pg_sleep(10)", kDangerous},
      {"select array[pg_read_file('/etc/passwd')]", kDangerous},
      {"select E'\\' || pg_sleep(1) || E'\\'", kDangerous},
      {"select /* /* */ pg_sleep(1) -- */ */", kDangerous},
      {"select $a$, 1, $a$", kDangerous},
      {"select * from sessions", kDangerous},
      {"select * from \"sessions\"", kDangerous},
  };
  for (const Case& item : cases) {
    auto checked = CheckSelect(item.sql);
    ASSERT_FALSE(checked.has_value()) << item.sql;
    EXPECT_EQ(checked.error().message, item.message) << item.sql;
  }
}

TEST(SqlCheck, FindsTables) {
  using Tables = std::vector<std::string>;
  EXPECT_EQ(ReferencedTables("select * from a join \"B\" on true left join public.c using (id)"),
            (Tables{"a", "B", "c"}));
  EXPECT_EQ(ReferencedTables("select * from (select 1 from t) x where 'from y' = ''"),
            (Tables{"t"}));
}

}  // namespace
}  // namespace renkei::schema
