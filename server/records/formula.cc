#include "records/formula.h"

#include <charconv>
#include <cmath>

#include "base/text.h"

namespace renkei::records {
namespace {

// What an expression comes to on the way: null stands for "no result" and spreads through
// arithmetic.
struct Operand {
  enum class Kind { kNull, kNumber, kText, kBool };
  Kind kind = Kind::kNull;
  double number = 0;
  std::string text;

  static Operand Null() { return {}; }
  static Operand Number(double value) {
    if (!std::isfinite(value)) return {};
    Operand o;
    o.kind = Kind::kNumber;
    o.number = value;
    return o;
  }
  static Operand Text(std::string value) {
    Operand o;
    o.kind = Kind::kText;
    o.text = std::move(value);
    return o;
  }
  static Operand Bool(bool value) {
    Operand o;
    o.kind = Kind::kBool;
    o.number = value ? 1 : 0;
    return o;
  }
  bool is_null() const { return kind == Kind::kNull; }
  bool Truthy() const {
    return kind == Kind::kText ? !text.empty() : kind != Kind::kNull && number != 0;
  }
};

std::string NumberText(double value) {
  std::string out;
  AppendJsonDouble(out, value);
  return out;
}

Operand ToNumber(const Operand& operand) {
  if (operand.kind == Operand::Kind::kNumber || operand.kind == Operand::Kind::kBool)
    return Operand::Number(operand.number);
  if (operand.kind == Operand::Kind::kNull) return {};
  const std::string_view text = Trim(operand.text);
  double value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size()) return {};
  return Operand::Number(value);
}

std::string ToText(const Operand& operand) {
  switch (operand.kind) {
    case Operand::Kind::kNull:
      return {};
    case Operand::Kind::kNumber:
      return NumberText(operand.number);
    case Operand::Kind::kText:
      return operand.text;
    case Operand::Kind::kBool:
      return operand.number != 0 ? "true" : "false";
  }
  return {};
}

Operand FromJson(const json::value& value) {
  if (value.is_bool()) return Operand::Bool(value.get_bool());
  if (value.is_int64()) return Operand::Number(static_cast<double>(value.get_int64()));
  if (value.is_uint64()) return Operand::Number(static_cast<double>(value.get_uint64()));
  if (value.is_double()) return Operand::Number(value.get_double());
  if (value.is_string()) return Operand::Text(std::string(View(value.get_string())));
  return {};
}

json::value ToJsonValue(const Operand& operand) {
  switch (operand.kind) {
    case Operand::Kind::kNull:
      return nullptr;
    case Operand::Kind::kBool:
      return operand.number != 0;
    case Operand::Kind::kText:
      return json::string(operand.text);
    case Operand::Kind::kNumber:
      break;
  }
  constexpr double kExact = 9007199254740992.0;
  if (operand.number == std::floor(operand.number) && std::fabs(operand.number) < kExact) {
    return static_cast<std::int64_t>(operand.number);
  }
  return operand.number;
}

Error Unsupported(std::string_view what) {
  return InvalidArgument(
      "UNSUPPORTED_FORMULA", "The formula is not supported: " + std::string(what),
      "Use + - * / % ^, comparisons, IF and the functions the documentation lists");
}

using Arguments = std::vector<Operand>;

// Every argument as a number, texts that are none and nulls left out (the way of SUM and MAX over
// missing values).
std::vector<double> Numbers(const Arguments& arguments) {
  std::vector<double> out;
  for (const Operand& argument : arguments) {
    const Operand number = ToNumber(argument);
    if (!number.is_null()) out.push_back(number.number);
  }
  return out;
}

double RoundHalfAwayFromZero(double value, int digits) {
  const double scale = std::pow(10.0, digits);
  // The nudge undoes the binary error of decimals such as 1.005.
  const double scaled = std::fabs(value) * scale;
  return std::copysign(std::floor(scaled + 0.5 + scaled * 1e-15) / scale, value);
}

Operand Math(double (*function)(double), const Arguments& arguments) {
  if (arguments.empty()) return {};
  const Operand number = ToNumber(arguments[0]);
  return number.is_null() ? Operand() : Operand::Number(function(number.number));
}

Operand Fold(const Arguments& arguments, double start, double (*step)(double, double)) {
  double value = start;
  for (double number : Numbers(arguments)) value = step(value, number);
  return Operand::Number(value);
}

Operand Extreme(const Arguments& arguments, bool greatest) {
  const std::vector<double> numbers = Numbers(arguments);
  if (numbers.empty()) return {};
  double best = numbers.front();
  for (double number : numbers) best = greatest ? std::max(best, number) : std::min(best, number);
  return Operand::Number(best);
}

Operand RoundTo(const Arguments& arguments, double (*round)(double)) {
  if (arguments.empty()) return {};
  const Operand number = ToNumber(arguments[0]);
  const Operand digits = arguments.size() > 1 ? ToNumber(arguments[1]) : Operand::Number(0);
  if (number.is_null() || digits.is_null()) return {};
  if (round == nullptr)
    return Operand::Number(RoundHalfAwayFromZero(number.number, static_cast<int>(digits.number)));
  const double scale = std::pow(10.0, static_cast<int>(digits.number));
  return Operand::Number(round(number.number * scale) / scale);
}

Operand TextMap(const Arguments& arguments, bool upper) {
  std::string text = arguments.empty() ? std::string() : ToText(arguments[0]);
  for (char& c : text) {
    if (upper && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (!upper && c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return Operand::Text(std::move(text));
}

struct Function {
  std::string_view name;  // lower case
  Operand (*run)(const Arguments&);
};

// The functions both libraries have under one name or another.
constexpr Function kFunctions[] = {
    {"max", [](const Arguments& a) { return Extreme(a, true); }},
    {"min", [](const Arguments& a) { return Extreme(a, false); }},
    {"sum",
     [](const Arguments& a) { return Fold(a, 0, [](double x, double y) { return x + y; }); }},
    {"product",
     [](const Arguments& a) { return Fold(a, 1, [](double x, double y) { return x * y; }); }},
    {"average",
     [](const Arguments& a) {
       const std::vector<double> numbers = Numbers(a);
       return numbers.empty()
                  ? Operand()
                  : Operand::Number(Fold(a, 0, [](double x, double y) { return x + y; }).number /
                                    static_cast<double>(numbers.size()));
     }},
    {"count",
     [](const Arguments& a) { return Operand::Number(static_cast<double>(Numbers(a).size())); }},
    {"abs", [](const Arguments& a) { return Math(std::fabs, a); }},
    {"sqrt", [](const Arguments& a) { return Math(std::sqrt, a); }},
    {"exp", [](const Arguments& a) { return Math(std::exp, a); }},
    {"ln", [](const Arguments& a) { return Math(std::log, a); }},
    {"log10", [](const Arguments& a) { return Math(std::log10, a); }},
    {"int", [](const Arguments& a) { return Math(std::floor, a); }},
    {"round", [](const Arguments& a) { return RoundTo(a, nullptr); }},
    {"floor", [](const Arguments& a) { return RoundTo(a, std::floor); }},
    {"ceil", [](const Arguments& a) { return RoundTo(a, std::ceil); }},
    {"trunc", [](const Arguments& a) { return RoundTo(a, std::trunc); }},
    {"power",
     [](const Arguments& a) {
       if (a.size() != 2) return Operand();
       const Operand x = ToNumber(a[0]), y = ToNumber(a[1]);
       return x.is_null() || y.is_null() ? Operand()
                                         : Operand::Number(std::pow(x.number, y.number));
     }},
    {"mod",
     [](const Arguments& a) {
       if (a.size() != 2) return Operand();
       const Operand x = ToNumber(a[0]), y = ToNumber(a[1]);
       if (x.is_null() || y.is_null() || y.number == 0) return Operand();
       return Operand::Number(x.number - y.number * std::floor(x.number / y.number));
     }},
    {"and",
     [](const Arguments& a) {
       for (const Operand& x : a) {
         if (!x.Truthy()) return Operand::Bool(false);
       }
       return Operand::Bool(true);
     }},
    {"or",
     [](const Arguments& a) {
       for (const Operand& x : a) {
         if (x.Truthy()) return Operand::Bool(true);
       }
       return Operand::Bool(false);
     }},
    {"not", [](const Arguments& a) { return Operand::Bool(a.empty() || !a[0].Truthy()); }},
    {"concat",
     [](const Arguments& a) {
       std::string text;
       for (const Operand& x : a) text += ToText(x);
       return Operand::Text(std::move(text));
     }},
    {"len",
     [](const Arguments& a) {
       return Operand::Number(a.empty() ? 0 : static_cast<double>(CountCodePoints(ToText(a[0]))));
     }},
    {"upper", [](const Arguments& a) { return TextMap(a, true); }},
    {"lower", [](const Arguments& a) { return TextMap(a, false); }},
    {"trim",
     [](const Arguments& a) {
       return Operand::Text(a.empty() ? std::string() : std::string(Trim(ToText(a[0]))));
     }},
};

constexpr std::pair<std::string_view, std::string_view> kAliases[] = {
    {"mean", "average"}, {"avg", "average"},     {"pow", "power"},
    {"ceiling", "ceil"}, {"fix", "trunc"},       {"concatenate", "concat"},
    {"roundup", "ceil"}, {"rounddown", "trunc"}, {"length", "len"},
    {"log", "ln"},
};

const Function* FindFunction(std::string_view name) {
  for (const auto& [alias, real] : kAliases) {
    if (alias == name) name = real;
  }
  for (const Function& function : kFunctions) {
    if (function.name == name) return &function;
  }
  return nullptr;
}

// Recursive descent that computes while it reads. Every branch of IF and ?: is computed; the wrong
// one is dropped.
class Evaluator {
 public:
  Evaluator(std::string_view text, const FormulaVariables& variables)
      : rest_(text), variables_(variables) {}

  Result<Operand> Run() {
    RK_TRY(value, Ternary());
    Blank();
    if (!rest_.empty()) return Fail(Unsupported("'" + std::string(rest_.substr(0, 20)) + "'"));
    return std::move(value);
  }

 private:
  void Blank() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t' ||
                              rest_.front() == '\n' || rest_.front() == '\r')) {
      rest_.remove_prefix(1);
    }
  }
  bool Take(std::string_view token) {
    Blank();
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  static bool IsLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
           static_cast<unsigned char>(c) >= 0x80;
  }
  static bool IsDigit(char c) { return c >= '0' && c <= '9'; }
  // A word operator such as `and` needs an end of its own.
  bool TakeWord(std::string_view word) {
    Blank();
    if (rest_.size() < word.size() || !EqualsIgnoreCaseAscii(rest_.substr(0, word.size()), word))
      return false;
    if (rest_.size() > word.size() && (IsLetter(rest_[word.size()]) ||
                                       IsDigit(rest_[word.size()]) || rest_[word.size()] == '(')) {
      return false;
    }
    rest_.remove_prefix(word.size());
    return true;
  }

  Result<Operand> Ternary() {
    if (++depth_ > kMaxFormulaDepth) return Fail(Unsupported("it is nested too deep"));
    RK_TRY(condition, Or());
    --depth_;
    if (!Take("?")) return std::move(condition);
    RK_TRY(yes, Ternary());
    if (!Take(":")) return Fail(Unsupported("':' is missing"));
    RK_TRY(no, Ternary());
    return condition.Truthy() ? std::move(yes) : std::move(no);
  }
  Result<Operand> Or() {
    RK_TRY(left, And());
    while (Take("||") || TakeWord("or")) {
      RK_TRY(right, And());
      left = Operand::Bool(left.Truthy() || right.Truthy());
    }
    return std::move(left);
  }
  Result<Operand> And() {
    RK_TRY(left, Comparison());
    while (Take("&&") || TakeWord("and")) {
      RK_TRY(right, Comparison());
      left = Operand::Bool(left.Truthy() && right.Truthy());
    }
    return std::move(left);
  }
  Result<Operand> Comparison() {
    RK_TRY(left, Joined());
    static constexpr std::string_view kOperators[] = {"===", "!==", "==", "!=", "<>",
                                                      "<=",  ">=",  "=",  "<",  ">"};
    for (std::string_view op : kOperators) {
      if (!Take(op)) continue;
      RK_TRY(right, Joined());
      return Compare(left, op, right);
    }
    return std::move(left);
  }
  static Operand Compare(const Operand& left, std::string_view op, const Operand& right) {
    int order = 0;
    if (left.is_null() || right.is_null()) {
      const bool same = left.is_null() && right.is_null();
      if (op == "!=" || op == "<>" || op == "!==") return Operand::Bool(!same);
      if (op == "=" || op == "==" || op == "===") return Operand::Bool(same);
      return {};
    }
    if (left.kind == Operand::Kind::kText && right.kind == Operand::Kind::kText) {
      order = left.text.compare(right.text);
    } else {
      const Operand a = ToNumber(left), b = ToNumber(right);
      if (a.is_null() || b.is_null()) return Operand::Bool(op == "!=" || op == "<>" || op == "!==");
      order = a.number < b.number ? -1 : a.number > b.number ? 1 : 0;
    }
    if (op == "<") return Operand::Bool(order < 0);
    if (op == ">") return Operand::Bool(order > 0);
    if (op == "<=") return Operand::Bool(order <= 0);
    if (op == ">=") return Operand::Bool(order >= 0);
    if (op == "!=" || op == "<>" || op == "!==") return Operand::Bool(order != 0);
    return Operand::Bool(order == 0);
  }
  Result<Operand> Joined() {
    RK_TRY(left, Sum());
    for (Blank(); rest_.starts_with('&') && !rest_.starts_with("&&"); Blank()) {
      rest_.remove_prefix(1);
      RK_TRY(right, Sum());
      left = Operand::Text(ToText(left) + ToText(right));
    }
    return std::move(left);
  }
  Result<Operand> Sum() {
    RK_TRY(left, Term());
    while (true) {
      if (Take("+")) {
        RK_TRY(right, Term());
        left = Arithmetic(left, '+', right);
      } else if (Take("-")) {
        RK_TRY(right, Term());
        left = Arithmetic(left, '-', right);
      } else {
        return std::move(left);
      }
    }
  }
  Result<Operand> Term() {
    RK_TRY(left, Unary());
    while (true) {
      char op = 0;
      Blank();
      if (!rest_.empty() && (rest_.front() == '*' || rest_.front() == '/' || rest_.front() == '%'))
        op = rest_.front();
      if (op == 0) return std::move(left);
      rest_.remove_prefix(1);
      RK_TRY(right, Unary());
      left = Arithmetic(left, op, right);
    }
  }
  Result<Operand> Unary() {
    if (++depth_ > kMaxFormulaDepth) return Fail(Unsupported("it is nested too deep"));
    Result<Operand> value = UnaryInner();
    --depth_;
    return value;
  }
  Result<Operand> UnaryInner() {
    if (Take("-")) {
      RK_TRY(value, Unary());
      return Arithmetic(Operand::Number(0), '-', value);
    }
    if (Take("+")) return Unary();
    Blank();
    if (rest_.starts_with('!') && !rest_.starts_with("!=")) {
      rest_.remove_prefix(1);
      RK_TRY(value, Unary());
      return Operand::Bool(!value.Truthy());
    }
    if (TakeWord("not")) {
      RK_TRY(value, Unary());
      return Operand::Bool(!value.Truthy());
    }
    RK_TRY(base, Primary());
    if (!Take("^")) return std::move(base);
    RK_TRY(power, Unary());  // right associative
    return Arithmetic(base, '^', power);
  }
  static Operand Arithmetic(const Operand& left, char op, const Operand& right) {
    const Operand a = ToNumber(left), b = ToNumber(right);
    if (a.is_null() || b.is_null()) return {};
    switch (op) {
      case '+':
        return Operand::Number(a.number + b.number);
      case '-':
        return Operand::Number(a.number - b.number);
      case '*':
        return Operand::Number(a.number * b.number);
      case '/':
        return Operand::Number(a.number / b.number);
      case '%':
        return b.number == 0
                   ? Operand()
                   : Operand::Number(a.number - b.number * std::floor(a.number / b.number));
      default:
        return Operand::Number(std::pow(a.number, b.number));
    }
  }

  Result<Operand> Primary() {
    Blank();
    if (rest_.empty()) return Fail(Unsupported("it ends too early"));
    if (Take("{{")) return Variable();
    if (Take("(")) {
      RK_TRY(value, Ternary());
      if (!Take(")")) return Fail(Unsupported("')' is missing"));
      return std::move(value);
    }
    const char c = rest_.front();
    if (c == '\'' || c == '"') return Quoted(c);
    if (IsDigit(c) || (c == '.' && rest_.size() > 1 && IsDigit(rest_[1]))) return Literal();
    if (IsLetter(c)) return Word();
    return Fail(Unsupported("'" + std::string(1, c) + "'"));
  }
  Result<Operand> Variable() {
    const std::size_t end = rest_.find("}}");
    if (end == std::string_view::npos) return Fail(Unsupported("'}}' is missing"));
    const std::string_view name = Trim(rest_.substr(0, end));
    rest_.remove_prefix(end + 2);
    if (name.empty()) return Fail(Unsupported("{{}} names no field"));
    return FromJson(variables_(name));
  }
  Result<Operand> Quoted(char quote) {
    rest_.remove_prefix(1);
    std::string text;
    while (!rest_.empty() && rest_.front() != quote) {
      if (rest_.front() == '\\' && rest_.size() > 1) rest_.remove_prefix(1);
      text += rest_.front();
      rest_.remove_prefix(1);
    }
    if (rest_.empty()) return Fail(Unsupported("a text is not closed"));
    rest_.remove_prefix(1);
    return Operand::Text(std::move(text));
  }
  Result<Operand> Literal() {
    double value = 0;
    const auto [end, fault] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (fault != std::errc()) return Fail(Unsupported("a number is not valid"));
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return Operand::Number(value);
  }
  Result<Operand> Word() {
    std::size_t size = 0;
    while (size < rest_.size() && (IsLetter(rest_[size]) || IsDigit(rest_[size]))) ++size;
    const std::string name(rest_.substr(0, size));
    rest_.remove_prefix(size);
    const std::string lower = ToLowerAscii(name);
    if (Take("(")) return Call(lower);
    if (lower == "true") return Operand::Bool(true);
    if (lower == "false") return Operand::Bool(false);
    if (lower == "null" || lower == "undefined") return Operand();
    if (name == "pi" || name == "PI") return Operand::Number(3.14159265358979323846);
    if (name == "e" || name == "E") return Operand::Number(2.71828182845904523536);
    return FromJson(variables_(name));
  }
  Result<Operand> Call(const std::string& name) {
    Arguments arguments;
    if (!Take(")")) {
      while (true) {
        RK_TRY(argument, Ternary());
        arguments.push_back(std::move(argument));
        if (Take(")")) break;
        if (!Take(",") && !Take(";")) return Fail(Unsupported("')' is missing"));
      }
    }
    if (name == "if") {
      if (arguments.size() < 2) return Fail(Unsupported("IF needs a condition and a value"));
      if (arguments[0].Truthy()) return std::move(arguments[1]);
      return arguments.size() > 2 ? std::move(arguments[2]) : Operand::Bool(false);
    }
    const Function* function = FindFunction(name);
    if (function == nullptr) return Fail(Unsupported("unknown function " + name));
    return function->run(arguments);
  }

  std::string_view rest_;
  const FormulaVariables& variables_;
  int depth_ = 0;
};

Operand Template(std::string_view text, const FormulaVariables& variables) {
  std::string out;
  while (true) {
    const std::size_t start = text.find("{{");
    const std::size_t end = start == std::string_view::npos ? start : text.find("}}", start);
    if (end == std::string_view::npos) return Operand::Text(out + std::string(text));
    out += text.substr(0, start);
    out += ToText(FromJson(variables(Trim(text.substr(start + 2, end - start - 2)))));
    text.remove_prefix(end + 2);
  }
}

}  // namespace

Result<json::value> EvaluateFormula(std::string_view engine, std::string_view expression,
                                    const FormulaVariables& variables) {
  if (expression.size() > kMaxFormulaLength) return Fail(Unsupported("it is too long"));
  if (engine == "string") return ToJsonValue(Template(expression, variables));
  if (engine != "math.js" && engine != "formula.js" && !engine.empty()) {
    return Fail(Unsupported("unknown engine " + std::string(engine)));
  }
  RK_TRY(value, Evaluator(expression, variables).Run());
  return ToJsonValue(value);
}

Result<void> CheckFormula(std::string_view engine, std::string_view expression) {
  const FormulaVariables ones = [](std::string_view) { return json::value(1); };
  auto value = EvaluateFormula(engine, expression, ones);
  if (!value) return Fail(std::move(value).error());
  return {};
}

}  // namespace renkei::records
