// Steps that several actions of identity take: answering a sign-in, making a user, storing a
// password.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/resource.h"

namespace renkei::api {

// Issues the session, sets the cookies of the mode the client asked for, writes the journal.
// {"user":…,"token":…}; in cookie mode without the token.
Task<Result<records::Output>> AnswerSignedIn(Call& call, std::int64_t user_id,
                                             std::string authenticator);

// Stores a hash and ends the user's sessions but `keep_family`, with a journal entry; caches
// included.
Task<Result<void>> StorePassword(Call& call, std::int64_t user_id, std::string hash,
                                 std::string keep_family, std::string_view action);

struct NewUser {
  json::object values;                            // without password and roles
  std::string password;                           // plain; empty: none
  std::optional<std::vector<std::string>> roles;  // nullopt or empty: the default role
  bool enforce_access = false;                    // the caller's own permission on users
};
// One transaction: row, password, roles, journal. The user as a document.
// Errors: those of a create; 400 ROLE_NOT_FOUND; the password policy, judged after the other
// fields.
Task<Result<json::value>> CreateUserRecord(Call& call, NewUser user);

// Statements that give a user these roles and no others.
Task<Result<void>> SetUserRoles(db::Connection& connection, const Call& call, std::int64_t user_id,
                                const std::vector<std::string>& roles);

}  // namespace renkei::api
