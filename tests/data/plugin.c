/* A plugin: gives every request over its Unix socket the same answer, which says yes to an engine
   that asks a volume driver, whatever it asks. */
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static const char path[] = "/run/docker/plugins/test.sock";

static const char answer[] =
    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\n\r\n"
    "{\"Implements\":[\"VolumeDriver\"],\"Err\":\"\",\"Volumes\":[],\"Mountpoint\":\"/\","
    "\"Capabilities\":{\"Scope\":\"local\"}}";

static void end(int signal)
{
    (void)signal;
    _exit(0);
}

int main(void)
{
    /* The first process of a container does not end by a signal that it does not handle. */
    signal(SIGTERM, end);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, path);
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 16))
        return 1;
    for (;;) {
        int connection = accept(listener, NULL, NULL);
        if (connection < 0)
            return 1;
        /* All requests are short, and come in one or two pieces: head and body. */
        char request[4096];
        ssize_t length = read(connection, request, sizeof request);
        if (length > 0 && write(connection, answer, sizeof answer - 1) > 0) {
            shutdown(connection, SHUT_WR);
            while (read(connection, request, sizeof request) > 0)
                ;
        }
        close(connection);
    }
}
