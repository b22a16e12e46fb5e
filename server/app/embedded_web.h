// The files of the web UI inside the program. Made at build time by cmake/EmbedWeb.cmake; without a built UI there is one
// page that says so. They live as long as the program.
#pragma once

#include <span>

#include "net/static_files.h"

namespace renkei::app {

std::span<const net::StaticFile> EmbeddedWebFiles();

}  // namespace renkei::app
