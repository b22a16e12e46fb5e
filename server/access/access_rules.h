// AccessRules: all roles, strategies, resource actions and scopes as one immutable snapshot, loaded from the role
// tables and swapped whole when one of them changes (in this process at once, in others by notification).
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "access/identity.h"
#include "access/permission.h"
#include "base/task.h"
#include "db/database.h"
#include "schema/catalog.h"

namespace renkei::access {

class AccessRules {
 public:
  // Actions fold onto permissions first: FoldAction("list") == "view" (rest-api.md 12.1).
  static std::string_view FoldAction(std::string_view action);

  // Data of a collection. `permission_name` is folded ("view", "create", "update", "destroy", "export", "importXlsx").
  Permission Check(const Identity& identity, const schema::Catalog& catalog, const schema::Collection& collection,
                   std::string_view permission_name) const;

  // Non-collection endpoints ("collections:create", "dataSources.collections:list"): public and signed-in allow-lists,
  // then snippets with globs and negation (rest-api.md 12.1, 12.5, 12.6).
  bool MayCall(const Identity& identity, std::string_view resource, std::string_view action) const;
  static bool IsPublic(std::string_view resource, std::string_view action);
  static bool IsForEverySignedIn(std::string_view resource, std::string_view action);

  struct Impl;
  explicit AccessRules(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  const Impl& impl() const { return *impl_; }

 private:
  std::shared_ptr<const Impl> impl_;
};
using AccessRulesRef = std::shared_ptr<const AccessRules>;

class AccessStore {
 public:
  explicit AccessStore(db::Database& database);
  AccessRulesRef Current() const { return std::atomic_load(&current_); }
  Task<Result<void>> Load(Deadline deadline);  // also after each committed change of a role table

 private:
  db::Database& database_;
  AccessRulesRef current_;
};

}  // namespace renkei::access
