-- Shared by the load scripts for wrk. Called as
--   wrk -t2 -c32 -d5s --latency -s bench/list.lua http://127.0.0.1:13000 -- TOKEN
-- against Renkei, a bare server (token ignored), or a NocoBase with the same tables.
local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("worker", threads)
end

function init(args)
  math.randomseed(os.time() * 7 + worker * 7919)
  headers = {}
  if args[1] and args[1] ~= "" then headers["Authorization"] = "Bearer " .. args[1] end
  sent = 0
end

-- The last line of the output, read by bench/run.mjs.
function done(summary, latency, requests)
  io.write(string.format(
    'RESULT {"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
