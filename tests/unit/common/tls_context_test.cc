// SPDX-License-Identifier: AGPL-3.0-or-later
#include <openssl/ssl.h>

#include <fstream>

#include "common/base/free_with.h"
#include "common/tls/context.h"
#include "tests/support/certs.h"
#include "tests/support/test.h"

namespace {

using SslPtr = std::unique_ptr<SSL, base::FreeWith<SSL_free>>;
using SslCtxPtr = std::unique_ptr<SSL_CTX, base::FreeWith<SSL_CTX_free>>;

SslCtxPtr client_context(const tls::Files& files, const std::string& role) {
    SslCtxPtr context(SSL_CTX_new(TLS_client_method()));
    CHECK_OK(tls::prepare_client(context.get(), files, role));
    return context;
}

struct Handshake {
    SslPtr client;
    SslPtr server;
    bool client_done = false;
    bool server_done = false;
};

// Both ends in memory, step by step until neither moves on.
Handshake shake(SSL_CTX* client_side, const tls::ServerContext& server_side) {
    Handshake both{SslPtr(SSL_new(client_side)), SslPtr(server_side.new_connection())};
    BIO* client_end = nullptr;
    BIO* server_end = nullptr;
    CHECK_EQ(BIO_new_bio_pair(&client_end, 0, &server_end, 0), 1);
    SSL_set_bio(both.client.get(), client_end, client_end);
    SSL_set_bio(both.server.get(), server_end, server_end);
    for (int step = 0; step < 10; ++step) {
        both.client_done = SSL_connect(both.client.get()) == 1;
        both.server_done = SSL_accept(both.server.get()) == 1;
    }
    // In TLS 1.3 a client learns only on reading that its certificate was refused.
    char octet = 0;
    const int got = SSL_read(both.client.get(), &octet, 1);
    if (got <= 0 && SSL_get_error(both.client.get(), got) == SSL_ERROR_SSL) both.client_done = false;
    return both;
}

std::shared_ptr<tls::ServerContext> server_of(const tls::Files& files) {
    auto context = tls::ServerContext::create(files, tls::ClientCertificate::kRequired);
    CHECK_OK(context);
    return *context;
}

void an_identity_is_site_role_and_node() {
    const auto identity = tls::Identity::parse("farol://demo/cbc/a-1");
    CHECK_OK(identity);
    CHECK_EQ(identity->site, "demo");
    CHECK_EQ(identity->role, "cbc");
    CHECK_EQ(identity->node, "a-1");
}

void a_malformed_identity_is_refused() {
    for (const std::string uri :
         {"", "farol://", "farol://demo", "farol://demo/cbc", "farol://demo/cbc/", "farol:///cbc/a",
          "farol://demo/boss/a", "farol://Demo/cbc/a", "farol://demo/cbc/a/b", "https://demo/cbc/a",
          "farol://demo/cbc/a b", "farol://demo/cbc/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
        CHECK(!tls::Identity::parse(uri));
    CHECK(!tls::Identity::parse(std::string("farol://demo/cbc/a\0b", 20)));
}

void both_sides_learn_who_the_other_is() {
    test::Certs certs;
    const auto server = server_of(certs.files("cbc"));
    const auto client = client_context(certs.files("cbe", "office"), "cbc");
    const Handshake done = shake(client.get(), *server);
    CHECK(done.client_done);
    CHECK(done.server_done);
    CHECK_EQ(std::string(SSL_get_version(done.client.get())), "TLSv1.3");
    const auto identity = tls::peer_identity(done.server.get());
    CHECK_OK(identity);
    CHECK_EQ(identity->uri, "farol://test/cbe/office");
    CHECK_EQ(tls::peer_identity(done.client.get())->role, "cbc");
}

void a_server_of_another_role_is_refused() {
    test::Certs certs;
    const auto server = server_of(certs.files("ocs"));
    const Handshake done = shake(client_context(certs.files("cbe"), "cbc").get(), *server);
    CHECK(!done.client_done);
    CHECK(!done.server_done);
}

void a_client_without_a_certificate_is_refused() {
    test::Certs certs;
    const auto server = server_of(certs.files("cbc"));
    const Handshake done = shake(client_context({"", "", {certs.authority()}}, "cbc").get(), *server);
    CHECK(!done.server_done);
    CHECK(!tls::peer_identity(done.server.get()));
}

void a_certificate_of_a_strange_authority_is_refused() {
    test::Certs ours;
    test::Certs theirs;
    const auto server = server_of(ours.files("cbc"));
    tls::Files stranger = theirs.files("cbe");
    stranger.trusted = {ours.authority()};
    const Handshake done = shake(client_context(stranger, "cbc").get(), *server);
    CHECK(!done.server_done);
    const Handshake other = shake(client_context(theirs.files("cbe"), "cbc").get(), *server);
    CHECK(!other.client_done);
}

void two_sides_may_trust_different_authorities() {
    test::Certs operator_side("operator");
    test::Certs office_side("office");
    tls::Files server_files = operator_side.files("cbc");
    server_files.trusted.emplace_back(office_side.authority(), std::vector<std::string>{"cbe"});
    tls::Files client_files = office_side.files("cbe");
    client_files.trusted = {operator_side.authority()};
    const auto server = server_of(server_files);
    const Handshake done = shake(client_context(client_files, "cbc").get(), *server);
    CHECK(done.client_done);
    CHECK(done.server_done);
}

void an_authority_names_only_the_roles_it_was_given() {
    test::Certs operator_side("operator");
    test::Certs office_side("office");
    tls::Files server_files = operator_side.files("cbc");
    server_files.trusted.emplace_back(office_side.authority(), std::vector<std::string>{"cbe", "monitor"});
    const auto server = server_of(server_files);
    const auto identity_of = [&](tls::Files files) {
        files.trusted = {operator_side.authority()};
        const Handshake done = shake(client_context(files, "cbc").get(), *server);
        CHECK(done.server_done);
        return tls::peer_identity(done.server.get());
    };
    CHECK_OK(identity_of(office_side.files("cbe")));
    CHECK_OK(identity_of(office_side.files("monitor")));
    CHECK_OK(identity_of(operator_side.files("admin")));
    const auto refused = identity_of(office_side.files("admin", "boss"));
    CHECK(!refused);
    CHECK(refused.error().kind == base::ErrorKind::kRefused);
    CHECK_EQ(refused.error().text,
             "farol://test/admin/boss: authority CN = office may not name role admin, only cbe, monitor");
}

void an_authority_names_only_the_sites_it_was_given() {
    test::Certs operator_side("operator");
    test::Certs office_side("office");
    const auto identity_with = [&](const std::vector<std::string>& sites) {
        tls::Files server_files = operator_side.files("cbc");
        server_files.trusted.emplace_back(office_side.authority(), std::vector<std::string>{"cbe"}, sites);
        const auto server = server_of(server_files);
        tls::Files files = office_side.files("cbe");
        files.trusted = {operator_side.authority()};
        const Handshake done = shake(client_context(files, "cbc").get(), *server);
        CHECK(done.server_done);
        return tls::peer_identity(done.server.get());
    };
    CHECK_OK(identity_with({}));
    CHECK_OK(identity_with({"north", "test"}));
    const auto refused = identity_with({"north", "south"});
    CHECK(!refused);
    CHECK_EQ(refused.error().text,
             "farol://test/cbe/a: authority CN = office may not name site test, only north, south");
}

void a_certificate_that_brings_its_own_signers_is_judged_by_the_root_that_we_trust() {
    test::Certs operator_side("operator");
    test::Certs office_side("office");
    tls::Files server_files = operator_side.files("cbc");
    server_files.trusted.emplace_back(office_side.authority(), std::vector<std::string>{"cbe"});
    const auto server = server_of(server_files);
    tls::Files forged = office_side.files("admin");
    forged.trusted = {operator_side.authority()};
    std::ofstream(forged.certificate, std::ios::app) << std::ifstream(operator_side.authority()).rdbuf();
    const Handshake done = shake(client_context(forged, "cbc").get(), *server);
    CHECK(done.server_done);
    CHECK(!tls::peer_identity(done.server.get()));
}

void an_authority_without_roles_must_be_our_own() {
    test::Certs ours("operator");
    test::Certs theirs("office");
    tls::Files files = ours.files("cbc");
    files.trusted.emplace_back(theirs.authority());
    const auto made = tls::ServerContext::create(files, tls::ClientCertificate::kRequired);
    CHECK(!made);
    CHECK_EQ(made.error().text, "trusted " + theirs.authority() + " did not sign our certificate " +
                                    files.certificate + ": say which roles it may name, for example {file: " +
                                    theirs.authority() + ", roles: [cbe]}");
    // Nor does it help to put both into one file.
    const std::string both = ours.directory() / "both.pem";
    std::ofstream(both) << std::ifstream(ours.authority()).rdbuf()
                        << std::ifstream(theirs.authority()).rdbuf();
    files.trusted = {both};
    CHECK(!tls::ServerContext::create(files, tls::ClientCertificate::kRequired));
}

void an_authority_is_listed_once() {
    test::Certs certs("operator");
    tls::Files files = certs.files("cbc");
    files.trusted.emplace_back(certs.authority(), std::vector<std::string>{"cbe"});
    const auto made = tls::ServerContext::create(files, tls::ClientCertificate::kRequired);
    CHECK(!made);
    CHECK(made.error().text.find("authority CN = operator of ") != std::string::npos);
    CHECK(made.error().text.ends_with("is trusted by another file too: list it once"));
}

void an_expired_certificate_is_refused() {
    test::Certs certs;
    const auto server = server_of(certs.files("cbc"));
    const auto expired = certs.files("cbe", "old", std::chrono::days{-1});
    const Handshake done = shake(client_context(expired, "cbc").get(), *server);
    CHECK(!done.server_done);
}

void tls_1_2_is_refused() {
    test::Certs certs;
    const auto server = server_of(certs.files("cbc"));
    const auto client = client_context(certs.files("cbe"), "cbc");
    SSL_CTX_set_min_proto_version(client.get(), TLS1_2_VERSION);
    SSL_CTX_set_max_proto_version(client.get(), TLS1_2_VERSION);
    CHECK(!shake(client.get(), *server).server_done);
}

void a_reload_takes_effect_for_new_connections_only() {
    test::Certs certs;
    const auto server = server_of(certs.files("cbc", "before"));
    const auto client = client_context(certs.files("cbe"), "cbc");
    const Handshake before = shake(client.get(), *server);
    auto prepared = server->prepare(certs.files("cbc", "after"));
    CHECK_OK(prepared);
    CHECK_EQ(tls::peer_identity(shake(client.get(), *server).client.get())->node, "before");
    server->adopt(*prepared);
    const Handshake after = shake(client.get(), *server);
    CHECK_EQ(tls::peer_identity(before.client.get())->node, "before");
    CHECK_EQ(tls::peer_identity(after.client.get())->node, "after");
    CHECK(!server->prepare({"/nonexistent.pem", "/nonexistent.key", {}}));
    CHECK_EQ(tls::peer_identity(shake(client.get(), *server).client.get())->node, "after");
}

void wrong_files_are_named_in_the_error() {
    test::Certs certs;
    const auto one = certs.files("cbc", "one");
    const auto other = certs.files("cbc", "other");
    const auto missing = tls::check({"/nonexistent/cbc.pem", one.key, {}});
    CHECK_EQ(missing.error().text, "read /nonexistent/cbc.pem: No such file or directory");
    const auto mixed = tls::check({one.certificate, other.key, {}});
    CHECK(!mixed);
    CHECK(mixed.error().text.find(other.key) != std::string::npos);
    const std::string empty = certs.directory() / "empty.pem";
    std::ofstream(empty) << "nothing\n";
    CHECK(!tls::check({one.certificate, one.key, {empty}}));
    CHECK(!tls::ServerContext::create({one.certificate, one.key, {}}, tls::ClientCertificate::kRequired));
}

}  // namespace

GROUP(tls_context, CASE(an_identity_is_site_role_and_node), CASE(a_malformed_identity_is_refused),
      CASE(both_sides_learn_who_the_other_is), CASE(a_server_of_another_role_is_refused),
      CASE(a_client_without_a_certificate_is_refused), CASE(a_certificate_of_a_strange_authority_is_refused),
      CASE(two_sides_may_trust_different_authorities), CASE(an_authority_names_only_the_roles_it_was_given),
      CASE(an_authority_names_only_the_sites_it_was_given),
      CASE(a_certificate_that_brings_its_own_signers_is_judged_by_the_root_that_we_trust),
      CASE(an_authority_without_roles_must_be_our_own), CASE(an_authority_is_listed_once),
      CASE(an_expired_certificate_is_refused), CASE(tls_1_2_is_refused),
      CASE(a_reload_takes_effect_for_new_connections_only), CASE(wrong_files_are_named_in_the_error))
