// Passwords inside a body: found along the fields, nested associations included, and hashed before
// anything is stored.
#include "auth/password.h"
#include "records/write_request.h"
#include "schema/field_type.h"

namespace renkei::records {
namespace {

constexpr std::string_view kHashMark = "$argon2id$";
constexpr int kMaxNesting = 32;
constexpr std::size_t kMaxPasswordBytes =
    512;  // PASSWORD_TOO_LONG: longer ones only cost hashing time

// Collects pointers to the plain passwords of `values`, which the caller owns and keeps.
void Collect(const schema::Catalog& catalog, const schema::Collection& collection,
             json::value& values, int depth, std::vector<json::value*>& out) {
  if (depth > kMaxNesting) return;
  if (values.is_array()) {
    for (json::value& item : values.get_array()) Collect(catalog, collection, item, depth + 1, out);
    return;
  }
  if (!values.is_object()) return;
  for (auto& member : values.get_object()) {
    const schema::Field* field =
        collection.FindField(std::string_view(member.key().data(), member.key().size()));
    if (field == nullptr) continue;
    if (field->type->is_password()) {
      if (member.value().is_string() && !member.value().get_string().empty())
        out.push_back(&member.value());
    } else if (field->is_relation() && member.value().is_structured()) {
      const schema::Collection* target = catalog.Find(field->relation->target);
      if (target != nullptr) Collect(catalog, *target, member.value(), depth + 1, out);
    }
  }
}

// The usual body has none: then nothing is copied.
bool MayHavePasswords(const schema::Collection& collection, const json::value& values) {
  if (values.is_array()) return true;
  if (!values.is_object()) return false;
  for (const auto& member : values.get_object()) {
    const schema::Field* field =
        collection.FindField(std::string_view(member.key().data(), member.key().size()));
    if (field == nullptr) continue;
    if (field->type->is_password() || (field->is_relation() && member.value().is_structured()))
      return true;
  }
  return false;
}

Result<void> CheckLengths(const std::vector<json::value*>& passwords) {
  for (const json::value* password : passwords) {
    if (password->get_string().size() <= kMaxPasswordBytes) continue;
    return Fail(InvalidArgument("PASSWORD_TOO_LONG", "A password has at most 512 bytes",
                                "Choose a shorter one"));
  }
  return {};
}

}  // namespace

Task<Result<std::optional<json::value>>> HashPasswords(const Context& context,
                                                       const schema::Collection& collection,
                                                       const json::value& values) {
  if (!MayHavePasswords(collection, values)) co_return std::nullopt;
  json::value copy = values;
  std::vector<json::value*> found;
  Collect(*context.catalog, collection, copy, 0, found);
  if (found.empty()) co_return std::nullopt;
  RK_CO_CHECK_OK(CheckLengths(found));
  for (json::value* password : found) {
    std::string plain(View(password->get_string()));
    RK_CO_TRY(hash, co_await auth::HashPasswordAsync(std::move(plain)));
    *password = json::string(hash);
  }
  co_return std::optional<json::value>(std::move(copy));
}

Result<std::optional<json::value>> HashPasswordsNow(const Context& context,
                                                    const schema::Collection& collection,
                                                    const json::value& values) {
  if (!MayHavePasswords(collection, values)) return std::nullopt;
  json::value copy = values;
  std::vector<json::value*> found;
  Collect(*context.catalog, collection, copy, 0, found);
  RK_CHECK_OK(CheckLengths(found));
  bool changed = false;
  for (json::value* password : found) {
    if (View(password->get_string()).starts_with(kHashMark)) continue;
    RK_TRY(hash, auth::HashPassword(View(password->get_string())));
    *password = json::string(hash);
    changed = true;
  }
  if (!changed) return std::nullopt;
  return std::optional<json::value>(std::move(copy));
}

}  // namespace renkei::records
