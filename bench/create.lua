-- One new row, answered when it is durable.
dofile((debug.getinfo(1, "S").source:match("@?(.*/)") or "./") .. "common.lua")

function request()
  sent = sent + 1
  headers["Content-Type"] = "application/json"
  local body = string.format(
    '{"number":"B-%d-%d-%d-%d","status":"new","total":"%d.50","placedAt":"2026-01-01T08:00:00.000Z","customerId":%d}',
    os.time(), worker, sent, math.random(1, 1000000000), sent % 1000, math.random(1, 2000))
  return wrk.format("POST", "/api/orders:create", headers, body)
end
