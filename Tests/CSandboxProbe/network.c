#include "acts.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

static struct sockaddr_in local(const char *port) {
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((uint16_t)atoi(port));
    return address;
}

static int reach(int protocol, const char *port, int by_sending) {
    int file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, protocol);
    if (file < 0) return errno;
    struct sockaddr_in address = local(port);
    const struct sockaddr *generic = (const struct sockaddr *)&address;
    int outcome = OUTCOME(by_sending ? sendto(file, "x", 1, MSG_FASTOPEN | MSG_NOSIGNAL, generic, sizeof address)
                                     : connect(file, generic, sizeof address));
    close(file);
    return outcome;
}

static int connect_tcp(const char *port, pid_t victim) { return (void)victim, reach(IPPROTO_TCP, port, 0); }
static int connect_fast(const char *port, pid_t victim) { return (void)victim, reach(IPPROTO_TCP, port, 1); }
static int connect_multipath(const char *port, pid_t victim) { return (void)victim, reach(IPPROTO_MPTCP, port, 0); }

static int connect_six(const char *port, pid_t victim) {
    (void)victim;
    int file = socket(AF_INET6, SOCK_STREAM, 0);
    if (file < 0) return errno;
    struct sockaddr_in6 address;
    memset(&address, 0, sizeof address);
    address.sin6_family = AF_INET6;
    address.sin6_port = htons((uint16_t)atoi(port));
    // The same listener, with its address for an IPv6 socket.
    inet_pton(AF_INET6, "::ffff:127.0.0.1", &address.sin6_addr);
    return OUTCOME(connect(file, (const struct sockaddr *)&address, sizeof address));
}

static int bind_port(const char *port, pid_t victim) {
    (void)victim;
    struct sockaddr_in address = local(port);
    int file = socket(AF_INET, SOCK_STREAM, 0);
    return file < 0 ? errno : OUTCOME(bind(file, (const struct sockaddr *)&address, sizeof address));
}

static int listen_anywhere(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    int file = socket(AF_INET, SOCK_STREAM, 0);
    return file < 0 ? errno : OUTCOME(listen(file, 1));
}

static int use_filter(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    int file = socket(AF_INET, SOCK_STREAM, 0);
    return file < 0 ? errno : OUTCOME(setsockopt(file, IPPROTO_TCP, 31 /* TCP_ULP */, "tls", 3));
}

static int keep_alive(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    int file = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    return file < 0 ? errno : OUTCOME(setsockopt(file, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on));
}

static int connect_unix(const char *path, pid_t victim) {
    (void)victim;
    int file = socket(AF_UNIX, SOCK_STREAM, 0);
    if (file < 0) return errno;
    struct sockaddr_un address;
    memset(&address, 0, sizeof address);
    address.sun_family = AF_UNIX;
    size_t length = strlen(path) < sizeof address.sun_path ? strlen(path) : sizeof address.sun_path - 1;
    memcpy(address.sun_path, path, length);
    // An abstract name begins with a zero byte, which an argument cannot contain.
    if (path[0] == '@') address.sun_path[0] = 0;
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    return OUTCOME(connect(file, (const struct sockaddr *)&address, size));
}

static int pairs[2];
ACT(send_udp, socket(AF_INET, SOCK_DGRAM, 0))
ACT(open_raw, socket(AF_INET, SOCK_RAW, IPPROTO_ICMP))
ACT(open_netlink, socket(AF_NETLINK, SOCK_RAW, 0))
ACT(open_packet, socket(AF_PACKET, SOCK_RAW, 0))
ACT(open_crypto, socket(AF_ALG, SOCK_SEQPACKET, 0))
ACT(make_stream_pair, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pairs))
ACT(make_datagram_pair, socketpair(AF_UNIX, SOCK_DGRAM, 0, pairs))

const struct act network_acts[] = {
    {"connect", connect_tcp},
    {"connect over IPv6", connect_six},
    {"connect by sending", connect_fast},
    {"connect multipath", connect_multipath},
    {"bind", bind_port},
    {"listen", listen_anywhere},
    {"put a protocol on top", use_filter},
    {"keep alive", keep_alive},
    {"open UDP", send_udp},
    {"open raw", open_raw},
    {"open netlink", open_netlink},
    {"open packet", open_packet},
    {"open crypto", open_crypto},
    {"connect Unix", connect_unix},
    {"make stream pair", make_stream_pair},
    {"make datagram pair", make_datagram_pair},
    {NULL, NULL},
};
