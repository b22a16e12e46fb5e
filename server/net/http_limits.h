// Limits of the HTTP server that are no options: each with its reason, the answer and the code it
// leads to.
#pragma once

#include <chrono>
#include <cstddef>

namespace renkei::net {

// A head (request line and headers) must fit the read buffer of a connection. 431
// HEADERS_TOO_LARGE. Cookies of several applications on one host and long filters in the address
// need more than the usual 8 KiB.
inline constexpr std::size_t kMaxHeadSize = 16 * 1024;

// Answers up to this size are copied behind their head, so that pipelined answers leave in one
// packet; larger ones leave as a second buffer of the same write.
inline constexpr std::size_t kJoinedBodySize = 16 * 1024;

// Buffers that grew beyond this are given back after use (hot-path.md 6).
inline constexpr std::size_t kKeptBufferSize = 64 * 1024;

// What is read and thrown away after an answer that closes the connection early (413), so that the
// client sees the answer and not a reset: at most so many bytes, for so long.
inline constexpr std::size_t kLingerBytes = 64 * 1024 * 1024;
inline constexpr std::chrono::seconds kLingerTime{10};

// While stopping: how long a connection without any request yet may still bring its first one.
inline constexpr std::chrono::milliseconds kFreshConnectionGrace{500};

// How often time limits of connections are looked at; also their precision.
inline constexpr std::chrono::milliseconds kTickInterval{250};

// Free memory goes back to the system when no request came for this long.
inline constexpr std::chrono::seconds kTrimAfter{5};

inline constexpr int kListenBacklog = 4096;  // the kernel's somaxconn may hold it lower

}  // namespace renkei::net
