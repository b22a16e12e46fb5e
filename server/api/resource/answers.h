// What an action gives back, made from documents. Pure.
#pragma once

#include "api/resource.h"

namespace renkei::api {

records::Output Answer(const json::value& data);
records::Output Answer(const json::value& data, const json::value& meta);
records::Output NoAnswer();                   // {}
records::Output AnswerNoContent(Call& call);  // 204

}  // namespace renkei::api
