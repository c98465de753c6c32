// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/auth/qr.h"

#include <qrencode.h>

#include <memory>

#include "common/base/free_with.h"

namespace auth {
namespace {

constexpr int kQuiet = 4;  // modules

}  // namespace

base::Result<std::string> qr_svg(const std::string& text) {
    const std::unique_ptr<QRcode, base::FreeWith<QRcode_free>> code{
        QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M)};
    if (!code) return base::Error{base::ErrorKind::kLimit, "the text does not fit into a QR code"};
    const int width = code->width;
    const std::string size = std::to_string(width + 2 * kQuiet);
    std::string path;
    for (int y = 0; y < width; ++y)
        for (int x = 0; x < width; ++x)
            if ((code->data[y * width + x] & 1) != 0)
                path += "M" + std::to_string(x + kQuiet) + " " + std::to_string(y + kQuiet) + "h1v1h-1z";
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + size + " " + size +
           "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h" + size + "v" + size +
           "H0z\"/><path d=\"" + path + "\"/></svg>";
}

}  // namespace auth
