-- A page of 20 rows, each with its customer.
dofile((debug.getinfo(1, "S").source:match("@?(.*/)") or "./") .. "common.lua")

function request()
  return wrk.format("GET", "/api/orders:list?pageSize=20&appends=customer&page=" .. math.random(1, 50), headers)
end
