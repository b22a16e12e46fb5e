// Collections and fields as the meta API shows them, and what all its actions share: lists of
// documents, the keys a request names, one transaction for a change of the schema.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "api/resource.h"
#include "api/resource/answers.h"
#include "api/resource/collections_editor.h"

namespace renkei::api {

// With `filterTargetKey` and `unavailableActions`; with `fields` on request.
json::object CollectionDocument(const schema::Collection& collection, bool with_fields);
// Nests `reverseField` when the catalog knows it.
json::object FieldDocument(const schema::Field& field, const schema::Collection& collection,
                           const schema::Catalog* catalog = nullptr);
// Fields that have a definition of their own, in design order.
std::vector<const schema::Field*> DeclaredFields(const schema::Collection& collection);

// filter, sort, fields, except, page: everything `list` does, over documents.
Result<records::Output> ListDocuments(std::vector<json::object> documents,
                                      const records::Params& params,
                                      std::vector<std::string> default_sort);
// filterByTk (matched against `key`) and filter; without either every document.
Result<std::vector<json::object>> SelectDocuments(std::vector<json::object> documents,
                                                  const records::Params& params,
                                                  const std::vector<std::string_view>& keys);
// fields and except, on the members of one document.
void PickMembers(json::object& document, const records::Params& params);

// The body as an object: 400 INVALID_BODY otherwise.
Result<json::object> DefinitionBody(const Call& call);
// A parameter from the query string or the body, as text.
std::string Parameter(const Call& call, std::string_view name);

// Runs `change` in one transaction with its journal entry and notifications, then reloads catalog
// and permissions. `change` returns the key for the journal; it may be run again after a conflict.
using SchemaChange = std::function<Task<Result<std::string>>(SchemaEditor&)>;
Task<Result<std::string>> ChangeSchema(Call& call, SchemaChange change);

}  // namespace renkei::api
