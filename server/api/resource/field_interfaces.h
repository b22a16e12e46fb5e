// Interfaces are what people choose a field by ("m2o", "percent", "select"); each stands for one or
// more types and a component to show it with (rest-api.md 9.8).
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace renkei::api {

struct FieldInterface {
  std::string_view name;
  std::vector<std::string_view> types;  // the first is the default
  std::string_view component;           // uiSchema x-component
  std::string_view ui_type;             // uiSchema type
};

// nullptr when unknown.
const FieldInterface* FindFieldInterface(std::string_view name);

// Completes a definition that may hold only an interface: type, uiSchema, rules of choices,
// `validators` → validation. 400 UNKNOWN_INTERFACE, INTERFACE_MISMATCH, INVALID_CHOICE.
Result<void> CompleteByInterface(json::object& definition);

}  // namespace renkei::api
