// The one translation unit with the bodies of Asio and Beast; everyone else compiles against declarations
// (BOOST_ASIO_SEPARATE_COMPILATION, hot-path.md 7).
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
