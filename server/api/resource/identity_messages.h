// The texts of identity in Chinese and Japanese, for schema::Translate.
#pragma once

#include "schema/messages.h"

namespace renkei::api {

schema::MessageTable IdentityMessages();

}  // namespace renkei::api
