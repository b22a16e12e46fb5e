#include "schema/messages.h"

#include <gtest/gtest.h>

namespace renkei::schema {
namespace {

TEST(Messages, FillTheirParts) {
  EXPECT_EQ(Localize("en-US", "{0} must be less than {1}", {"A", "3"}), "A must be less than 3");
  EXPECT_EQ(Localize("zh-CN", "{0} must be less than {1}", {"A", "3"}), "A 必须小于 3");
  EXPECT_EQ(Localize("ja", "No permissions"), "権限がありません");
  EXPECT_EQ(Localize("zh-CN", "not in any table {0}", {"x"}), "not in any table x");
}

TEST(Messages, TranslateFinishedTexts) {
  const auto translated = [](std::string_view text) {
    return Translate(CommonMessages(), "zh-CN", text).value_or("-");
  };
  EXPECT_EQ(translated("Title already exists"), "Title 已存在");
  EXPECT_EQ(translated("No permissions"), "没有权限");
  EXPECT_EQ(translated("Field name \"a\" already exists in collection \"b\""),
            "数据表 \"b\" 中已存在名为 \"a\" 的字段");
  EXPECT_EQ(translated("Box: Thing must be less than or equal to 9"),
            "Box: Thing 必须小于或等于 9");
  EXPECT_EQ(translated("something else"), "-");
  EXPECT_FALSE(Translate(CommonMessages(), "en-US", "No permissions").has_value());
}

}  // namespace
}  // namespace renkei::schema
