-- One row by its key.
dofile((debug.getinfo(1, "S").source:match("@?(.*/)") or "./") .. "common.lua")

function request()
  return wrk.format("GET", "/api/orders:get/" .. math.random(1, 100000), headers)
end
