#include "net/query_string.h"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"

namespace renkei::net {
namespace {

// A value while it is being put together. Arrays are sparse until the end ("a[7]=x&a[2]=y"),
// because a later name may still turn one into an object with those indexes as names.
struct Node {
  enum class Kind { kNull, kText, kArray, kObject };
  Kind kind = Kind::kNull;
  std::string text;
  std::map<std::size_t, Node> elements;
  std::map<std::string, Node, std::less<>> members;

  bool IsScalar() const { return kind == Kind::kNull || kind == Kind::kText; }
  void Push(Node node) {
    const std::size_t next = elements.empty() ? 0 : elements.rbegin()->first + 1;
    elements.emplace(next, std::move(node));
  }
};

Node ObjectOf(std::string name, Node value) {
  Node node;
  node.kind = Node::Kind::kObject;
  node.members.emplace(std::move(name), std::move(value));
  return node;
}

Node ArrayOf(std::size_t index, Node value) {
  Node node;
  node.kind = Node::Kind::kArray;
  node.elements.emplace(index, std::move(value));
  return node;
}

void TurnIntoObject(Node& array) {
  for (auto& [index, element] : array.elements)
    array.members.emplace(fmt::to_string(index), std::move(element));
  array.elements.clear();
  array.kind = Node::Kind::kObject;
}

void Merge(Node& target, Node source);

void MergeMember(Node& object, const std::string& name, Node value) {
  const auto [place, is_new] = object.members.try_emplace(name);
  if (is_new) {
    place->second = std::move(value);
  } else {
    Merge(place->second, std::move(value));
  }
}

void MergeIntoArray(Node& target, Node source) {
  if (source.IsScalar()) {
    target.Push(std::move(source));
    return;
  }
  if (source.kind == Node::Kind::kObject) {
    TurnIntoObject(target);
    Merge(target, std::move(source));
    return;
  }
  for (auto& [index, element] : source.elements) {
    const auto existing = target.elements.find(index);
    if (existing == target.elements.end()) {
      target.elements.emplace(index, std::move(element));
    } else if (!existing->second.IsScalar() && !element.IsScalar()) {
      Merge(existing->second, std::move(element));
    } else {
      target.Push(std::move(element));
    }
  }
}

// The rules by which qs joins what several pairs say about one name.
void Merge(Node& target, Node source) {
  if (target.IsScalar()) {
    Node joined = ArrayOf(0, std::move(target));
    if (source.kind == Node::Kind::kArray) {
      for (auto& [index, element] : source.elements) joined.Push(std::move(element));
    } else {
      joined.Push(std::move(source));
    }
    target = std::move(joined);
    return;
  }
  if (target.kind == Node::Kind::kArray) {
    MergeIntoArray(target, std::move(source));
    return;
  }
  if (source.kind == Node::Kind::kArray) TurnIntoObject(source);
  if (source.kind == Node::Kind::kObject) {
    for (auto& [name, member] : source.members) MergeMember(target, name, std::move(member));
    return;
  }
  // "a[b]=1&a=c": the plain value becomes a name that is there.
  if (source.kind == Node::Kind::kText) {
    Node yes;
    yes.kind = Node::Kind::kText;
    yes.text = "true";
    target.members.insert_or_assign(source.text, std::move(yes));
  }
}

json::value ToValue(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kNull:
      return nullptr;
    case Node::Kind::kText:
      return json::value(json::string_view(node.text.data(), node.text.size()));
    case Node::Kind::kArray: {
      json::array array;
      array.reserve(node.elements.size());
      for (const auto& [index, element] : node.elements) array.push_back(ToValue(element));
      return array;
    }
    case Node::Kind::kObject: {
      json::object object;
      object.reserve(node.members.size());
      for (const auto& [name, member] : node.members)
        object.insert_or_assign(name, ToValue(member));
      return object;
    }
  }
  return nullptr;
}

std::string Decode(std::string_view text) {
  std::string decoded = PercentDecode(text, true);
  // Escapes that do not make UTF-8 stay as they were sent, as decodeURIComponent's failure leaves
  // them.
  if (IsValidUtf8(decoded)) return decoded;
  return ReplaceInvalidUtf8(text);
}

struct Pair {
  std::string name;
  std::optional<std::string> value;  // nullopt: there was no '='
};

// The '=' that ends the name: the one after the last bracket of the name, else the first.
Pair SplitPair(std::string_view part) {
  std::size_t equals = part.find("]=");
  std::size_t escaped = part.find("%5D=");
  if (escaped == std::string_view::npos) escaped = part.find("%5d=");
  if (escaped < equals) {
    equals = escaped + 3;
  } else if (equals != std::string_view::npos) {
    equals += 1;
  } else {
    equals = part.find('=');
  }
  if (equals == std::string_view::npos) return {Decode(part), std::nullopt};
  return {Decode(part.substr(0, equals)), Decode(part.substr(equals + 1))};
}

// "[x]" at or after `from` with no bracket inside; nullopt when there is none.
std::optional<std::pair<std::size_t, std::size_t>> FindSegment(std::string_view name,
                                                               std::size_t from) {
  std::size_t open = name.find('[', from);
  while (open != std::string_view::npos) {
    const std::size_t next = name.find_first_of("[]", open + 1);
    if (next == std::string_view::npos) return std::nullopt;
    if (name[next] == ']') return std::pair(open, next + 1);
    open = next;
  }
  return std::nullopt;
}

// "a[b][0]" -> "a", "[b]", "[0]". nullopt: deeper than the limit.
std::optional<std::vector<std::string_view>> SplitName(std::string_view name) {
  std::vector<std::string_view> chain;
  auto segment = FindSegment(name, 0);
  const std::string_view parent = segment ? name.substr(0, segment->first) : name;
  if (!parent.empty()) chain.push_back(parent);
  std::size_t depth = 0;
  while (segment) {
    if (++depth > kMaxQueryDepth) return std::nullopt;
    chain.push_back(name.substr(segment->first, segment->second - segment->first));
    segment = FindSegment(name, segment->second);
  }
  return chain;
}

// The number in "[7]" when it is written plainly and small enough for an array.
std::optional<std::size_t> ArrayIndex(std::string_view inner) {
  if (inner.empty() || inner.size() > 3 || (inner.size() > 1 && inner.front() == '0'))
    return std::nullopt;
  std::size_t index = 0;
  const auto end = std::from_chars(inner.data(), inner.data() + inner.size(), index);
  if (end.ec != std::errc() || end.ptr != inner.data() + inner.size() ||
      index > kMaxQueryArrayIndex) {
    return std::nullopt;
  }
  return index;
}

Node Nest(const std::vector<std::string_view>& chain, Node leaf) {
  for (std::size_t i = chain.size(); i-- > 0;) {
    const std::string_view link = chain[i];
    const bool bracketed = link.size() >= 2 && link.front() == '[' && link.back() == ']';
    const std::string_view inner = bracketed ? link.substr(1, link.size() - 2) : link;
    if (bracketed && inner.empty()) {
      leaf = ArrayOf(0, std::move(leaf));
      continue;
    }
    const std::optional<std::size_t> index = bracketed ? ArrayIndex(inner) : std::nullopt;
    leaf = index ? ArrayOf(*index, std::move(leaf)) : ObjectOf(std::string(inner), std::move(leaf));
  }
  return leaf;
}

Node LeafOf(std::optional<std::string> value) {
  Node leaf;
  if (value) {
    leaf.kind = Node::Kind::kText;
    leaf.text = *std::move(value);
  }
  return leaf;
}

Error TooDeep(std::string_view name) {
  const std::string_view parameter = name.substr(0, name.find('['));
  return InvalidArgument(
      "QUERY_TOO_DEEP",
      fmt::format("Parameter '{}' is nested deeper than {} levels", parameter, kMaxQueryDepth),
      "Send the parameter as JSON text instead of brackets", std::string(parameter));
}

Error TooLong() {
  return InvalidArgument("QUERY_TOO_LONG",
                         fmt::format("There are more than {} parameters", kMaxQueryPairs),
                         "Send the values as a JSON body");
}

// Names without brackets: straight into the result.
void AddPlain(json::object& result, Pair pair) {
  json::value value = pair.value
                          ? json::value(json::string_view(pair.value->data(), pair.value->size()))
                          : json::value();
  json::value* existing = result.if_contains(pair.name);
  if (existing == nullptr) {
    result.emplace(pair.name, std::move(value));
  } else if (existing->is_array()) {
    existing->get_array().push_back(std::move(value));
  } else {
    json::array both;
    both.push_back(std::move(*existing));
    both.push_back(std::move(value));
    *existing = std::move(both);
  }
}

// Calls `use` for each non-empty part between '&'. False: too many.
template <class Use>
bool ForEachPart(std::string_view query, Use use) {
  std::size_t pairs = 0;
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view part = query.substr(0, end);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    if (part.empty()) continue;
    if (++pairs > kMaxQueryPairs) return false;
    use(part);
  }
  return true;
}

bool HasBrackets(std::string_view query) {
  return query.find('[') != std::string_view::npos || query.find("%5B") != std::string_view::npos ||
         query.find("%5b") != std::string_view::npos;
}

}  // namespace

Result<json::object> ParseQueryString(std::string_view query) {
  json::object result;
  if (!HasBrackets(query)) {
    const bool complete = ForEachPart(query, [&](std::string_view part) {
      Pair pair = SplitPair(part);
      if (!pair.name.empty()) AddPlain(result, std::move(pair));
    });
    if (!complete) return Fail(TooLong());
    return result;
  }
  Node root;
  root.kind = Node::Kind::kObject;
  std::optional<Error> fault;
  const bool complete = ForEachPart(query, [&](std::string_view part) {
    if (fault) return;
    Pair pair = SplitPair(part);
    if (pair.name.empty()) return;
    const std::optional<std::vector<std::string_view>> chain = SplitName(pair.name);
    if (!chain) {
      fault = TooDeep(pair.name);
      return;
    }
    Merge(root, Nest(*chain, LeafOf(std::move(pair.value))));
  });
  if (fault) return Fail(*std::move(fault));
  if (!complete) return Fail(TooLong());
  return std::move(ToValue(root).get_object());
}

}  // namespace renkei::net
