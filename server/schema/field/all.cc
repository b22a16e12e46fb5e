#include "schema/field/all.h"

#include "schema/collection.h"

namespace renkei::schema {
namespace {

constexpr std::string_view kDefaultFormula = "formula:double";
constexpr std::string_view kDefaultContext = "context:string";

struct Registry {
  FieldTypeList list;
  NameMap<const FieldType*> by_name;  // "formula:decimal" too
  FieldTypeList visible;

  Registry() {
    AddTextTypes(list);
    AddIntegerTypes(list);
    AddFloatTypes(list);
    AddDecimalType(list);
    AddBooleanTypes(list);
    AddJsonTypes(list);
    AddArrayTypes(list);
    AddInstantTypes(list);
    AddWallClockTypes(list);
    AddUnixTimestampType(list);
    AddIdentifierTypes(list);
    AddPasswordType(list);
    AddEncryptionType(list);
    AddVirtualTypes(list);
    AddSequenceType(list);
    AddBlobType(list);
    AddGeometryTypes(list);
    AddRelationTypes(list);
    for (const FieldType* type : list) by_name.emplace(std::string(type->name()), type);
    visible = list;
    NamedFieldTypes computed;
    AddComputedTypes(list, computed);
    for (const auto& [name, type] : computed) by_name.emplace(name, type);
    for (const auto& [name, fallback] :
         {std::pair("formula", kDefaultFormula), std::pair("context", kDefaultContext)}) {
      const FieldType* type = by_name.find(fallback)->second;
      by_name.emplace(name, type);
      visible.push_back(type);
    }
  }
};

const Registry& Types() {
  static const Registry registry;
  return registry;
}

}  // namespace

const FieldType* FindFieldType(std::string_view name) {
  auto found = Types().by_name.find(name);
  return found == Types().by_name.end() || name.find(':') != std::string_view::npos ? nullptr
                                                                                    : found->second;
}

const FieldType* FindFieldType(std::string_view name, const json::object& options) {
  if (name == "formula" || name == "context") {
    const std::string_view data_type = FindString(options, "dataType");
    if (!data_type.empty()) {
      auto found = Types().by_name.find(std::string(name) + ":" + std::string(data_type));
      return found == Types().by_name.end() ? nullptr : found->second;
    }
  }
  return FindFieldType(name);
}

std::span<const FieldType* const> AllFieldTypes() { return Types().visible; }

}  // namespace renkei::schema
