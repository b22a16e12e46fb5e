// Small makers of definitions, shared by the two halves of the demonstration.
#include "app/cli/demo_data.h"

namespace renkei::app {

json::object KeyField() {
  return {{"name", "id"},
          {"type", "bigInt"},
          {"interface", "id"},
          {"autoIncrement", true},
          {"primaryKey", true},
          {"allowNull", false},
          {"uiSchema", {{"type", "number"}, {"title", "ID"}, {"x-component", "InputNumber"}}}};
}

json::object DemoField(std::string_view name, std::string_view title, std::string_view type,
                       std::string_view interface, json::object more) {
  json::object field{
      {"name", name}, {"type", type}, {"interface", interface}, {"uiSchema", {{"title", title}}}};
  for (auto& [key, value] : more) {
    if (key == "enum") {
      field["uiSchema"].as_object()["enum"] = std::move(value);
    } else {
      field[key] = std::move(value);
    }
  }
  return field;
}

json::object ManyToOne(std::string_view name, std::string_view title, std::string_view target) {
  return DemoField(
      name, title, "belongsTo", "m2o",
      {{"target", target}, {"foreignKey", std::string(name) + "Id"}, {"targetKey", "id"}});
}

json::object OneToMany(std::string_view name, std::string_view title, std::string_view target,
                       std::string_view foreign_key) {
  return DemoField(
      name, title, "hasMany", "o2m",
      {{"target", target}, {"foreignKey", foreign_key}, {"sourceKey", "id"}, {"targetKey", "id"}});
}

json::object DemoDefinition(std::string_view name, std::string_view title,
                            std::string_view title_field, json::array fields) {
  fields.insert(fields.begin(), KeyField());
  return {{"name", name},
          {"title", title},
          {"template", "general"},
          {"autoGenId", false},
          {"titleField", title_field},
          {"fields", std::move(fields)}};
}

}  // namespace renkei::app
