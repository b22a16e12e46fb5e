// SQLite's result codes and messages as errors of db/errors.h.
#pragma once

#include <string_view>

#include "base/error.h"

namespace renkei::db::sqlite {

// `code` is the extended result code, `message` SQLite's own text (kept as detail).
Error TranslateError(int code, std::string_view message);

Error QueryTimeout();

}  // namespace renkei::db::sqlite
