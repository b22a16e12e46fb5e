#include "api/request_context.h"

#include <algorithm>

#include "auth/settings.h"
#include "base/text.h"

namespace renkei::api {
namespace {

constexpr std::size_t kMaxLocaleLength = 16;

bool IsLocale(std::string_view text) {
  return !text.empty() && text.size() <= kMaxLocaleLength && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

// Header, ?locale=, the system's language; Accept-Language is the last resort (rest-api.md 1).
std::string ChooseLocale(const net::Request& request, const json::object& query, const auth::SettingsSnapshot& settings) {
  if (IsLocale(request.x_locale)) return std::string(request.x_locale);
  if (const std::string_view asked = FindString(query, "locale"); IsLocale(asked)) return std::string(asked);
  if (!settings.app_language.empty()) return settings.app_language;
  const std::string_view first = Trim(request.accept_language.substr(0, request.accept_language.find_first_of(",;")));
  return IsLocale(first) ? std::string(first) : "en-US";
}

}  // namespace

std::string_view RequestLocale(const net::Request& request) {
  return IsLocale(request.x_locale) ? request.x_locale : std::string_view("en-US");
}

records::Context MakeContext(const Services& services, const net::Request& request, const json::object& query,
                             schema::CatalogRef catalog) {
  const auth::SettingsRef settings = services.settings.Current();
  records::Context context{services.database, std::move(catalog), services.access.Current()};
  if (!settings->time_zone.empty()) {
    if (auto zone = TimeZone::Parse(settings->time_zone)) context.server_zone = *zone;
  }
  context.request_zone = context.server_zone;
  if (!request.x_timezone.empty()) {
    if (auto zone = TimeZone::Parse(request.x_timezone)) context.request_zone = *zone;
  }
  context.locale = ChooseLocale(request, query, *settings);
  context.trace_id = request.trace_id;
  context.remote_address = request.remote_address;
  context.user_agent = request.user_agent;
  context.deadline = request.deadline;
  return context;
}

}  // namespace renkei::api
