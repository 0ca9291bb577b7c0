/* bare FILE: the least that reading a capture with libpcap costs; every program that uses it is slower. */
#include <pcap/pcap.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    char error[PCAP_ERRBUF_SIZE];
    struct pcap_pkthdr *header;
    const u_char *bytes;
    unsigned long frames = 0, total = 0;
    pcap_t *capture = argc == 2 ? pcap_open_offline(argv[1], error) : NULL;

    if (!capture)
        return 1;
    while (pcap_next_ex(capture, &header, &bytes) == 1) {
        frames++;
        total += header->caplen;
    }
    printf("%lu %lu\n", frames, total);
    return 0;
}
