// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A C library's free function as a deleter type:
//     using SslCtxPtr = std::unique_ptr<SSL_CTX, base::FreeWith<SSL_CTX_free>>;
#pragma once

namespace base {

template <auto Free>
struct FreeWith {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};

}  // namespace base
