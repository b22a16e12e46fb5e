# renkei_embed_web(<target>): a static library with the web UI inside (server/app/embedded_web.h).
#
# The files of web/dist go into the program's read-only pages by .incbin: nothing is loaded before it is asked for, and
# nothing is copied. Files next to them with .br and .gz appended are their compressed forms. Without web/dist, or with
# -DRENKEI_WEB=OFF, a built-in page says how to build the UI. The tables are made at build time and again when web/dist
# changes.
enable_language(ASM)
set(RENKEI_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/embed_web_files.cmake)
set(RENKEI_EMBED_FALLBACK ${CMAKE_CURRENT_LIST_DIR}/web_fallback)

function(renkei_embed_web target)
  set(dist ${CMAKE_SOURCE_DIR}/web/dist)
  if(NOT RENKEI_WEB OR NOT EXISTS ${dist}/index.html)
    set(dist ${RENKEI_EMBED_FALLBACK})
  endif()
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${dist}/*)
  file(GLOB index CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/web/dist/index.html)  # comes and goes with the UI's build
  set(out ${CMAKE_BINARY_DIR}/embed)
  add_custom_command(
    OUTPUT ${out}/web_files.S ${out}/web_files.cc
    COMMAND ${CMAKE_COMMAND} -DDIST=${dist} -DOUT=${out} -P ${RENKEI_EMBED_SCRIPT}
    DEPENDS ${files} ${RENKEI_EMBED_SCRIPT}
    COMMENT "Embedding ${dist}" VERBATIM)
  set_source_files_properties(${out}/web_files.S PROPERTIES OBJECT_DEPENDS "${files}")
  add_library(${target} STATIC ${out}/web_files.S ${out}/web_files.cc)
  target_link_libraries(${target} PRIVATE renkei_options)
endfunction()
