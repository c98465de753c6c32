// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/tls/openssl.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <array>
#include <cerrno>
#include <ctime>

#include "common/base/fd.h"

namespace tls {
namespace {

constexpr size_t kFileLimit = 1024 * 1024;

std::string text_of(const ASN1_STRING* value) {
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
            static_cast<size_t>(ASN1_STRING_length(value))};
}

std::string address_text(const std::string& octets) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const int family = octets.size() == 4 ? AF_INET : AF_INET6;
    if (octets.size() != 4 && octets.size() != 16) return {};
    inet_ntop(family, octets.data(), text.data(), text.size());
    return text.data();
}

}  // namespace

base::Error openssl_error(base::ErrorKind kind, std::string_view what) {
    std::string text(what);
    bool any = false;
    while (const unsigned long code = ERR_get_error()) {
        const char* reason = ERR_reason_error_string(code);
        text += std::exchange(any, true) ? ", " : ": ";
        text += reason != nullptr ? reason : std::to_string(code);
    }
    return {kind, std::move(text)};
}

base::Result<base::Instant> instant_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1)
        return openssl_error(base::ErrorKind::kCorrupt, "a certificate's time");
    return base::Instant{std::chrono::seconds{timegm(&parts)}};
}

base::Result<X509Ptr> parse_certificate(const std::string& pem, const std::string& path) {
    ERR_clear_error();
    const BioPtr in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    X509Ptr certificate(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
    if (!certificate) return openssl_error(base::ErrorKind::kInvalid, "certificate " + path);
    return certificate;
}

base::Result<std::string> read_file(const std::string& path) {
    const base::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return base::io_error("read " + path, errno);
    std::string out;
    std::array<char, 16384> chunk{};
    while (true) {
        const ssize_t got = ::read(file.get(), chunk.data(), chunk.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return base::io_error("read " + path, errno);
        if (got == 0) return out;
        out.append(chunk.data(), static_cast<size_t>(got));
        if (out.size() > kFileLimit)
            return base::Error{base::ErrorKind::kLimit, "read " + path + ": larger than 1 MiB"};
    }
}

std::vector<std::string> alternative_names(const X509* certificate, int kind) {
    std::vector<std::string> out;
    const NamesPtr names(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    if (!names) return out;
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
        int found = 0;
        const auto* value = static_cast<const ASN1_STRING*>(
            GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &found));
        if (found != kind) continue;
        out.push_back(kind == GEN_IPADD ? address_text(text_of(value)) : text_of(value));
    }
    return out;
}

}  // namespace tls
