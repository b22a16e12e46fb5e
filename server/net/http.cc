#include "net/http.h"

#include <array>

#include "base/text.h"
#include "net/http_parser.h"

namespace renkei::net {
namespace {

using Member = std::string_view Request::*;

struct NamedHeader {
  std::string_view name;  // lower case
  Member member;
};

constexpr std::array<NamedHeader, 27> kNamedHeaders = {{
    {"host", &Request::host},
    {"authorization", &Request::authorization},
    {"content-type", &Request::content_type},
    {"accept", &Request::accept},
    {"accept-language", &Request::accept_language},
    {"cookie", &Request::cookie},
    {"origin", &Request::origin},
    {"referer", &Request::referer},
    {"user-agent", &Request::user_agent},
    {"if-none-match", &Request::if_none_match},
    {"if-modified-since", &Request::if_modified_since},
    {"accept-encoding", &Request::accept_encoding},
    {"x-forwarded-for", &Request::forwarded_for},
    {"x-forwarded-proto", &Request::forwarded_proto},
    {"range", &Request::range},
    {"x-role", &Request::x_role},
    {"x-authenticator", &Request::x_authenticator},
    {"x-data-source", &Request::x_data_source},
    {"x-locale", &Request::x_locale},
    {"x-timezone", &Request::x_timezone},
    {"x-with-acl-meta", &Request::x_with_acl_meta},
    {"x-hostname", &Request::x_hostname},
    {"x-app", &Request::x_app},
    {"x-csrf-token", &Request::x_csrf_token},
    {"x-auth-mode", &Request::x_auth_mode},
    {"x-request-source", &Request::x_request_source},
    {"if-match", &Request::if_match},
}};

Member MemberOf(std::string_view name) {
  for (const NamedHeader& header : kNamedHeaders) {
    if (EqualsIgnoreCaseAscii(header.name, name)) return header.member;
  }
  return nullptr;
}

}  // namespace

std::string_view Request::Header(std::string_view name) const {
  if (const Member member = MemberOf(name)) return this->*member;
  for (const auto& [other, value] : other_headers) {
    if (EqualsIgnoreCaseAscii(other, name)) return value;
  }
  return {};
}

void CollectHeader(Request& request, std::string_view name, std::string_view value) {
  const Member member = MemberOf(name);
  if (member == nullptr) {
    request.other_headers.emplace_back(name, value);
  } else if ((request.*member).data() == nullptr) {
    request.*member = value;  // of a header sent twice the first counts
  }
}

void ClearHeaders(Request& request) {
  for (const NamedHeader& header : kNamedHeaders) request.*header.member = {};
  request.other_headers.clear();
}

void Answer::AddHeader(std::string_view name, std::string_view value) {
  constexpr std::string_view kForbidden("\r\n\0", 3);
  if (name.empty() || name.find_first_of(kForbidden) != std::string_view::npos ||
      value.find_first_of(kForbidden) != std::string_view::npos) {
    return;
  }
  extra_headers.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace renkei::net
