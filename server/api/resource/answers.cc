#include "api/resource/answers.h"

namespace renkei::api {

records::Output Answer(const json::value& data) {
  records::Output output;
  AppendJson(output.data, data);
  return output;
}

records::Output Answer(const json::value& data, const json::value& meta) {
  records::Output output = Answer(data);
  AppendJson(output.meta, meta);
  return output;
}

records::Output NoAnswer() { return {}; }

records::Output AnswerNoContent(Call& call) {
  call.raw = true;
  call.answer.status = 204;
  call.answer.body.clear();
  return {};
}

}  // namespace renkei::api
