# Run by EmbedWeb.cmake: writes OUT/web_files.S (the bytes) and OUT/web_files.cc (the table) for the files in DIST.
cmake_minimum_required(VERSION 3.25)

set(type_html "text/html; charset=utf-8")
set(type_js "text/javascript; charset=utf-8")
set(type_mjs "text/javascript; charset=utf-8")
set(type_css "text/css; charset=utf-8")
set(type_json "application/json; charset=utf-8")
set(type_map "application/json; charset=utf-8")
set(type_webmanifest "application/manifest+json; charset=utf-8")
set(type_txt "text/plain; charset=utf-8")
set(type_svg "image/svg+xml")
set(type_png "image/png")
set(type_jpg "image/jpeg")
set(type_webp "image/webp")
set(type_avif "image/avif")
set(type_ico "image/x-icon")
set(type_woff "font/woff")
set(type_woff2 "font/woff2")
set(type_ttf "font/ttf")
set(type_wasm "application/wasm")
set(type_pdf "application/pdf")

set(assembly "  .section .rodata\n")
set(declarations "")
set(table "")
set(count 0)

# Appends the bytes of a file; the label is also the C name of its first byte, <label>_end of the one behind the last.
macro(add_bytes label file)
  string(APPEND assembly "  .global ${label}\n  .global ${label}_end\n  .balign 16\n${label}:\n"
                         "  .incbin \"${file}\"\n${label}_end:\n  .byte 0\n")
  string(APPEND declarations "extern \"C\" const char ${label}[], ${label}_end[];\n")
endmacro()

file(GLOB_RECURSE files LIST_DIRECTORIES false RELATIVE ${DIST} ${DIST}/*)
list(SORT files)
foreach(file IN LISTS files)
  # Compressed forms belong to their file; dot folders hold the build tool's own notes.
  if(file MATCHES "\\.(br|gz)$" OR file MATCHES "(^|/)\\.")
    continue()
  endif()
  math(EXPR count "${count} + 1")
  set(label "renkei_web_${count}")
  file(SHA256 ${DIST}/${file} hash)
  string(SUBSTRING ${hash} 0 20 tag)
  string(REGEX REPLACE ".*\\." "" extension "${file}")
  string(TOLOWER "${extension}" extension)
  set(type "application/octet-stream")
  if(DEFINED type_${extension})
    set(type "${type_${extension}}")
  endif()
  add_bytes(${label} ${DIST}/${file})
  set(compressed "")
  foreach(form br gz)
    if(EXISTS ${DIST}/${file}.${form})
      add_bytes(${label}_${form} ${DIST}/${file}.${form})
      string(APPEND compressed ", {${label}_${form}, ${label}_${form}_end}")
    else()
      string(APPEND compressed ", {}")
    endif()
  endforeach()
  set(immutable false)
  if(file MATCHES "^assets/")
    set(immutable true)
  endif()
  string(APPEND table "      {\"/${file}\", \"${type}\", \"${tag}\", {${label}, ${label}_end}${compressed}, ${immutable}},\n")
endforeach()
if(count EQUAL 0)
  message(FATAL_ERROR "No files to embed in ${DIST}")
endif()
string(APPEND assembly "  .section .note.GNU-stack,\"\",@progbits\n")

set(source "// Generated from the web UI's files.\n#include \"app/embedded_web.h\"\n\n#include <array>\n\n${declarations}
namespace renkei::app {

std::span<const net::StaticFile> EmbeddedWebFiles() {
  // Not constant: addresses of symbols are known to the linker only.
  static const std::array<net::StaticFile, ${count}> files = {{
${table}  }};
  return files;
}

}  // namespace renkei::app
")
file(WRITE ${OUT}/web_files.S "${assembly}")
file(WRITE ${OUT}/web_files.cc "${source}")
