-- A page of 20 rows out of 100 000, by key, with the exact count.
dofile((debug.getinfo(1, "S").source:match("@?(.*/)") or "./") .. "common.lua")

function request()
  return wrk.format("GET", "/api/orders:list?pageSize=20&page=" .. math.random(1, 50), headers)
end
