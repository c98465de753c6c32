// SPDX-License-Identifier: AGPL-3.0-or-later
//
// OpenSSL's objects as owning pointers, and its error queue as an Error. For common/tls alone.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/free_with.h"
#include "common/base/result.h"
#include "common/time/clock.h"

namespace tls {

using SslCtxPtr = std::unique_ptr<SSL_CTX, base::FreeWith<SSL_CTX_free>>;
using X509Ptr = std::unique_ptr<X509, base::FreeWith<X509_free>>;
using PkeyPtr = std::unique_ptr<EVP_PKEY, base::FreeWith<EVP_PKEY_free>>;
using BioPtr = std::unique_ptr<BIO, base::FreeWith<BIO_free_all>>;
using NamesPtr = std::unique_ptr<GENERAL_NAMES, base::FreeWith<GENERAL_NAMES_free>>;

// Empties OpenSSL's error queue into one Error: "read /etc/farol/tls/cbc.pem: no start line".
base::Error openssl_error(base::ErrorKind kind, std::string_view what);

// A whole small file; kIo with its path when it cannot be read, kLimit beyond 1 MiB.
base::Result<std::string> read_file(const std::string& path);

// The first certificate of a PEM text; `path` is for the error.
base::Result<X509Ptr> parse_certificate(const std::string& pem, const std::string& path);

base::Result<base::Instant> instant_of(const ASN1_TIME* time);

// The values of one kind of subjectAltName: GEN_URI, GEN_DNS, or GEN_IPADD (as text).
std::vector<std::string> alternative_names(const X509* certificate, int kind);

}  // namespace tls
