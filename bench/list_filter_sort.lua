-- 20 rows by a range on an indexed column, sorted by it, with the exact count of the range.
dofile((debug.getinfo(1, "S").source:match("@?(.*/)") or "./") .. "common.lua")

function request()
  local since = string.format("2025-%02d-01T00%%3A00%%3A00.000Z", math.random(1, 12))
  return wrk.format("GET",
    "/api/orders:list?pageSize=20&sort=placedAt&filter=%7B%22placedAt%22%3A%7B%22%24gte%22%3A%22" .. since .. "%22%7D%7D", headers)
end
