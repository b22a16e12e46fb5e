#include "schema/messages.h"

#include <vector>

#include "base/text.h"

namespace renkei::schema {
namespace {

enum class Language { kEnglish, kChinese, kJapanese };

constexpr Message kMessages[] = {
    {"{0} is required", "{0} 为必填项", "{0} は必須です"},
    {"{0} is not allowed to be empty", "{0} 不能为空", "{0} は空にできません"},
    {"{0} must be a string", "{0} 必须是字符串", "{0} は文字列でなければなりません"},
    {"{0} must be a number", "{0} 必须是数字", "{0} は数値でなければなりません"},
    {"{0} must be a boolean", "{0} 必须是布尔值", "{0} は真偽値でなければなりません"},
    {"{0} must be of type object", "{0} 必须是对象", "{0} はオブジェクトでなければなりません"},
    {"{0} must be a valid date", "{0} 必须是有效的日期", "{0} は有効な日付でなければなりません"},
    {"{0} must be a safe number", "{0} 必须是安全的数字",
     "{0} は安全な範囲の数値でなければなりません"},
    {"{0} length must be at least {1} characters long", "{0} 长度不能少于 {1} 个字符",
     "{0} は {1} 文字以上でなければなりません"},
    {"{0} length must be less than or equal to {1} characters long", "{0} 长度不能超过 {1} 个字符",
     "{0} は {1} 文字以下でなければなりません"},
    {"{0} length must be {1} characters long", "{0} 长度必须为 {1} 个字符",
     "{0} は {1} 文字でなければなりません"},
    {"{0} with value \"{1}\" fails to match the required pattern: {2}",
     "{0} 的值 \"{1}\" 不符合要求的格式：{2}", "{0} の値 \"{1}\" は必要な形式に一致しません: {2}"},
    {"{0} email address doesn’t meet the required format", "{0} 邮箱地址格式不正确",
     "{0} のメールアドレスの形式が正しくありません"},
    {"{0} must be a valid uri with a scheme matching the {1} pattern",
     "{0} 必须是协议为 {1} 的有效 URI", "{0} はスキームが {1} の有効な URI でなければなりません"},
    {"{0} must be a valid relative uri", "{0} 必须是有效的相对 URI",
     "{0} は有効な相対 URI でなければなりません"},
    {"{0} must be a valid uri", "{0} 必须是有效的 URI", "{0} は有効な URI でなければなりません"},
    {"{0} must be a valid UUID", "{0} 必须是有效的 UUID", "{0} は有効な UUID でなければなりません"},
    {"{0} must only contain hexadecimal characters", "{0} 只能包含十六进制字符",
     "{0} は 16 進数の文字だけを含む必要があります"},
    {"{0} hex decoded representation must be byte aligned", "{0} 的十六进制内容必须按字节对齐",
     "{0} の 16 進数はバイト単位でなければなりません"},
    {"{0} must be greater than or equal to {1}", "{0} 必须大于或等于 {1}",
     "{0} は {1} 以上でなければなりません"},
    {"{0} must be less than or equal to {1}", "{0} 必须小于或等于 {1}",
     "{0} は {1} 以下でなければなりません"},
    {"{0} must be greater than {1}", "{0} 必须大于 {1}", "{0} は {1} より大きくなければなりません"},
    {"{0} must be less than {1}", "{0} 必须小于 {1}", "{0} は {1} より小さくなければなりません"},
    {"{0} must be an integer", "{0} 必须是整数", "{0} は整数でなければなりません"},
    {"{0} must be a multiple of {1}", "{0} 必须是 {1} 的倍数",
     "{0} は {1} の倍数でなければなりません"},
    {"{0} must not have more than {1} decimal places", "{0} 的小数位不能超过 {1} 位",
     "{0} の小数部は {1} 桁以下でなければなりません"},
    {"{0} must be in timestamp or number of milliseconds format", "{0} 必须是时间戳或毫秒数",
     "{0} はタイムスタンプまたはミリ秒でなければなりません"},
    {"{0}: invalid value", "{0}：值无效", "{0}: 値が正しくありません"},
    {"{0} already exists", "{0} 已存在", "{0} は既に存在します"},
    {"{0} cannot be null", "{0} 不能为空", "{0} は空にできません"},
    {"Collection named {0} already exists", "名为 {0} 的数据表已存在",
     "{0} という名前のコレクションは既に存在します"},
    {"Field name \"{0}\" already exists in collection \"{1}\"",
     "数据表 \"{1}\" 中已存在名为 \"{0}\" 的字段",
     "フィールド名 \"{0}\" はコレクション \"{1}\" に既に存在します"},
    {"unsupported field type {0}", "不支持的字段类型 {0}",
     "サポートされていないフィールドの種類 {0}"},
    {"Please enter a SQL statement", "请输入 SQL 语句", "SQL 文を入力してください"},
    {"Only supports SELECT statements or WITH clauses", "仅支持 SELECT 语句或 WITH 子句",
     "SELECT 文または WITH 句だけがサポートされています"},
    {"SQL statements contain dangerous keywords", "SQL 语句包含危险关键字",
     "SQL 文に危険なキーワードが含まれています"},
    {"No permissions", "没有权限", "権限がありません"},
    {"Invalid filter", "筛选条件无效", "フィルターが正しくありません"},
    {"Invalid SQL column or table reference", "无效的 SQL 列或表引用",
     "SQL の列またはテーブルの参照が正しくありません"},
};

Language LanguageOf(std::string_view locale) {
  const std::string lower = ToLowerAscii(locale.substr(0, 2));
  if (lower == "zh") return Language::kChinese;
  if (lower == "ja") return Language::kJapanese;
  return Language::kEnglish;
}

std::string_view TextIn(const Message& message, Language language) {
  std::string_view text = message.english;
  if (language == Language::kChinese && !message.chinese.empty()) text = message.chinese;
  if (language == Language::kJapanese && !message.japanese.empty()) text = message.japanese;
  return text;
}

// "{0}" at `at`: its number, else -1.
int Placeholder(std::string_view text, std::size_t at) {
  const bool placeholder = at + 2 < text.size() && text[at] == '{' && text[at + 1] >= '0' &&
                           text[at + 1] <= '9' && text[at + 2] == '}';
  return placeholder ? text[at + 1] - '0' : -1;
}

template <class Arguments>
std::string Fill(std::string_view text, const Arguments& arguments) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int number = Placeholder(text, i);
    if (number < 0) {
      out.push_back(text[i]);
      continue;
    }
    if (static_cast<std::size_t>(number) < arguments.size())
      out.append(*(arguments.begin() + number));
    i += 2;
  }
  return out;
}

constexpr std::size_t kMaxArguments = 10;

// Do the literal parts of `pattern` occur in `text`, in order and anchored at both ends? Fills the
// parts between.
bool Match(std::string_view pattern, std::string_view text, std::vector<std::string_view>& parts) {
  parts.assign(kMaxArguments, {});
  std::size_t at = 0;
  for (std::size_t i = 0; i < pattern.size();) {
    const int number = Placeholder(pattern, i);
    if (number < 0) {
      if (at >= text.size() || text[at] != pattern[i]) return false;
      ++at;
      ++i;
      continue;
    }
    i += 3;
    std::size_t end = i;
    while (end < pattern.size() && Placeholder(pattern, end) < 0) ++end;
    const std::string_view literal = pattern.substr(i, end - i);
    // The last literal must end the text, the others may stand at their first place.
    std::size_t found = literal.empty() ? text.size() : text.find(literal, at);
    if (end == pattern.size() && !literal.empty()) {
      if (text.size() < at + literal.size() || text.substr(text.size() - literal.size()) != literal)
        return false;
      found = text.size() - literal.size();
    }
    if (found == std::string_view::npos) return false;
    parts[static_cast<std::size_t>(number)] = text.substr(at, found - at);
    at = found + literal.size();
    i = end;
  }
  return at == text.size();
}

}  // namespace

MessageTable CommonMessages() { return kMessages; }

std::string Localize(MessageTable table, std::string_view locale, std::string_view english,
                     MessageArguments arguments) {
  const Language language = LanguageOf(locale);
  if (language != Language::kEnglish) {
    for (const Message& message : table) {
      if (message.english == english) return Fill(TextIn(message, language), arguments);
    }
  }
  return Fill(english, arguments);
}

std::string Localize(std::string_view locale, std::string_view english,
                     MessageArguments arguments) {
  return Localize(CommonMessages(), locale, english, arguments);
}

std::optional<std::string> Translate(MessageTable table, std::string_view locale,
                                     std::string_view finished) {
  const Language language = LanguageOf(locale);
  if (language == Language::kEnglish) return std::nullopt;
  std::vector<std::string_view> parts;
  for (const Message& message : table) {
    if (Match(message.english, finished, parts)) return Fill(TextIn(message, language), parts);
  }
  return std::nullopt;
}

}  // namespace renkei::schema
