// The half of the demonstration that is made up: a shop. Every value follows from its row's number
// alone, so that two machines load the same data and a load that was interrupted can go on where it
// stopped.
#include <fmt/format.h>

#include <array>
#include <chrono>

#include "app/cli/demo_data.h"

namespace renkei::app {
namespace {

constexpr std::size_t kCustomers = 2'000;
constexpr std::size_t kProducts = 300;
constexpr std::int64_t kFirstOrder = 1'704'067'200;  // 2024-01-01T00:00:00Z
constexpr std::int64_t kSpan =
    2ll * 366 * 24 * 60 * 60;  // the orders are spread over about two years

constexpr std::array kGivenNames = {"Aiko",  "Ben",    "Chloé", "Daniel", "Elif",  "Farid",
                                    "Grace", "Haruto", "Ines",  "João",   "Kenji", "Lena",
                                    "Mei",   "Noah",   "Olga",  "Priya",  "Quinn", "Rosa",
                                    "Sven",  "Tariq",  "Uma",   "Victor", "Wei",   "Yuki"};
constexpr std::array kFamilyNames = {"Abe",    "Brown",   "Castro", "Dubois", "Eriksen", "Fischer",
                                     "Garcia", "Hayashi", "Ivanov", "Jensen", "Kim",     "Lopez",
                                     "Müller", "Novak",   "Okafor", "Patel",  "Rossi",   "Sato",
                                     "Tanaka", "Usman",   "Varga",  "Wang",   "Yilmaz",  "Zhou"};
constexpr std::array kCities = {"Berlin", "Kyoto", "Lagos", "Lima",   "Lyon",  "Madrid", "Mumbai",
                                "Nagoya", "Oslo",  "Porto", "Prague", "Seoul", "Sydney", "Toronto"};
constexpr std::array kMaterials = {"Oak",    "Linen", "Steel", "Glass", "Cotton",
                                   "Bamboo", "Wool",  "Clay",  "Cork",  "Paper"};
constexpr std::array kThings = {"chair",  "lamp",    "table", "bowl", "shelf",
                                "basket", "blanket", "clock", "mug",  "mirror"};
constexpr std::array kCategories = {"Living room", "Kitchen",   "Bedroom",  "Bathroom",
                                    "Office",      "Garden",    "Lighting", "Storage",
                                    "Textiles",    "Tableware", "Gifts",    "Sale"};

// splitmix64: the same numbers everywhere, which <random>'s distributions do not promise.
std::uint64_t Draw(std::uint64_t seed, std::uint64_t index) {
  std::uint64_t x = seed * 0x9E3779B97F4A7C15u + index + 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

std::string Money(std::int64_t cents) { return fmt::format("{}.{:02}", cents / 100, cents % 100); }

std::string Timestamp(std::int64_t seconds) {
  using namespace std::chrono;
  const sys_seconds time{std::chrono::seconds{seconds}};
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.000Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::int64_t PriceOf(std::size_t product) {
  return 390 + static_cast<std::int64_t>(Draw(1, product) % 24'000);
}

struct Line {
  std::size_t product;  // counted from 0
  std::int64_t quantity;
};
// Orders have one to four lines, in a pattern of ten orders and 25 lines, so that a line's number
// tells its order.
constexpr std::array<std::size_t, 10> kLinesOf = {1, 2, 3, 4, 2, 3, 1, 4, 2, 3};
constexpr std::size_t kLinesOfTen = 25;

std::size_t FirstLine(std::size_t order) {
  std::size_t line = order / 10 * kLinesOfTen;
  for (std::size_t i = 0; i < order % 10; ++i) line += kLinesOf[i];
  return line;
}
std::size_t OrderOf(std::size_t line) {
  std::size_t order = line / kLinesOfTen * 10;
  std::size_t left = line % kLinesOfTen;
  for (std::size_t i = 0; left >= kLinesOf[i]; ++i, ++order) left -= kLinesOf[i];
  return order;
}
Line LineAt(std::size_t line) {
  const std::uint64_t draw = Draw(2, line);
  return {draw % kProducts, 1 + static_cast<std::int64_t>(draw / kProducts % 5)};
}

std::string_view StatusOf(std::size_t order, std::size_t orders) {
  // The newest twentieth is still open; of the others one in fifty was cancelled.
  if (order + orders / 20 >= orders) return order % 3 == 0 ? "new" : "paid";
  return Draw(3, order) % 50 == 0 ? "cancelled" : "shipped";
}

DemoCollection Categories() {
  json::array fields{DemoField("name", "Name", "string", "input", {{"unique", true}})};
  return {DemoDefinition("categories", "Categories", "name", std::move(fields)), kCategories.size(),
          [](std::size_t i) {
            return fmt::format(R"({{"id":{},"name":"{}"}})", i + 1, kCategories[i]);
          }};
}

DemoCollection Customers(std::size_t countries) {
  json::array fields{DemoField("name", "Name", "string", "input", {{"index", true}}),
                     DemoField("email", "E-mail", "string", "email", {{"unique", true}}),
                     DemoField("city", "City", "string", "input"),
                     DemoField("since", "Customer since", "dateOnly", "date"),
                     ManyToOne("country", "Country", "countries"),
                     OneToMany("orders", "Orders", "orders", "customerId")};
  return {
      DemoDefinition("customers", "Customers", "name", std::move(fields)), kCustomers,
      [countries](std::size_t i) {
        const std::uint64_t draw = Draw(4, i);
        const char* given = kGivenNames[draw % kGivenNames.size()];
        const char* family = kFamilyNames[draw / 32 % kFamilyNames.size()];
        return fmt::format(
            R"({{"id":{},"name":"{} {}","email":"customer{}@example.com","city":"{}","since":"{}","countryId":{}}})",
            i + 1, given, family, i + 1, kCities[draw / 1024 % kCities.size()],
            Timestamp(kFirstOrder - static_cast<std::int64_t>(draw % 60'000'000)).substr(0, 10),
            1 + draw / 65536 % countries);
      }};
}

DemoCollection Products() {
  json::object categories = DemoField("categories", "Categories", "belongsToMany", "m2m",
                                      {{"target", "categories"},
                                       {"through", "productCategories"},
                                       {"foreignKey", "productId"},
                                       {"otherKey", "categoryId"},
                                       {"sourceKey", "id"},
                                       {"targetKey", "id"}});
  json::array fields{
      DemoField("sku", "Article number", "string", "input", {{"unique", true}}),
      DemoField("name", "Name", "string", "input"),
      DemoField("price", "Price", "decimal", "number", {{"precision", 10}, {"scale", 2}}),
      DemoField("active", "On sale", "boolean", "checkbox"), std::move(categories)};
  return {
      DemoDefinition("products", "Products", "name", std::move(fields)), kProducts,
      [](std::size_t i) {
        const std::size_t first = i % kCategories.size();
        const std::size_t second =
            (first + 1 + i / kCategories.size() % (kCategories.size() - 1)) % kCategories.size();
        return fmt::format(
            R"({{"id":{},"sku":"P-{:04}","name":"{} {} {}","price":"{}","active":{},"categories":[{},{}]}})",
            i + 1, i + 1, kMaterials[i % kMaterials.size()],
            kThings[i / kMaterials.size() % kThings.size()], 1 + i / 100, Money(PriceOf(i)),
            i % 17 != 0, first + 1, second + 1);
      }};
}

DemoCollection Orders(std::size_t orders) {
  json::array states{
      json::object{{"value", "new"}, {"label", "New"}, {"color", "blue"}},
      json::object{{"value", "paid"}, {"label", "Paid"}, {"color", "green"}},
      json::object{{"value", "shipped"}, {"label", "Shipped"}, {"color", "cyan"}},
      json::object{{"value", "cancelled"}, {"label", "Cancelled"}, {"color", "red"}}};
  json::array fields{
      DemoField("number", "Number", "string", "input", {{"unique", true}}),
      DemoField("status", "Status", "string", "select",
                {{"enum", std::move(states)}, {"index", true}}),
      DemoField("total", "Total", "decimal", "number", {{"precision", 12}, {"scale", 2}}),
      DemoField("placedAt", "Placed at", "date", "datetime", {{"index", true}}),
      DemoField("note", "Note", "text", "textarea"),
      ManyToOne("customer", "Customer", "customers"),
      OneToMany("lines", "Lines", "orderLines", "orderId")};
  return {
      DemoDefinition("orders", "Orders", "number", std::move(fields)), orders,
      [orders](std::size_t i) {
        std::int64_t total = 0;
        for (std::size_t line = FirstLine(i); line < FirstLine(i + 1); ++line) {
          total += PriceOf(LineAt(line).product) * LineAt(line).quantity;
        }
        const auto step = static_cast<std::int64_t>(static_cast<std::size_t>(kSpan) / orders);
        const std::int64_t placed =
            kFirstOrder + static_cast<std::int64_t>(i) * step +
            static_cast<std::int64_t>(Draw(5, i) % static_cast<std::uint64_t>(step > 1 ? step : 1));
        return fmt::format(
            R"({{"id":{},"number":"SO-{:06}","status":"{}","total":"{}","placedAt":"{}","note":{},"customerId":{}}})",
            i + 1, i + 1, StatusOf(i, orders), Money(total), Timestamp(placed),
            Draw(6, i) % 40 == 0 ? R"("Please call before delivery")" : "null",
            1 + Draw(7, i) % kCustomers);
      }};
}

DemoCollection OrderLines(std::size_t orders) {
  json::array fields{
      ManyToOne("order", "Order", "orders"), ManyToOne("product", "Product", "products"),
      DemoField("quantity", "Quantity", "integer", "integer"),
      DemoField("price", "Price", "decimal", "number", {{"precision", 10}, {"scale", 2}}),
      DemoField("amount", "Amount", "decimal", "number", {{"precision", 12}, {"scale", 2}})};
  return {
      DemoDefinition("orderLines", "Order lines", "id", std::move(fields)), FirstLine(orders),
      [](std::size_t i) {
        const Line line = LineAt(i);
        const std::int64_t price = PriceOf(line.product);
        return fmt::format(
            R"({{"id":{},"orderId":{},"productId":{},"quantity":{},"price":"{}","amount":"{}"}})",
            i + 1, OrderOf(i) + 1, line.product + 1, line.quantity, Money(price),
            Money(price * line.quantity));
      }};
}

}  // namespace

std::vector<DemoCollection> ShopCollections(std::size_t orders, std::size_t countries) {
  std::vector<DemoCollection> all;
  all.push_back(Categories());
  all.push_back(Customers(countries));
  all.push_back(Products());
  all.push_back(Orders(orders));
  all.push_back(OrderLines(orders));
  return all;
}

}  // namespace renkei::app
